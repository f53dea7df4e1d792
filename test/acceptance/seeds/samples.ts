/**
 * The sample values of the vendor's five pages that the project was asked for from, as they print them. Accounts are
 * masked there (`xxx`), and become the server's own.
 */

/** Page 000: the SDK of 3.0, its task operations with an example for each parameter. */
export const SEED_000 = {
  functionName: 'my-func',
  config: { asyncTask: true, maxAsyncEventAgeInSeconds: 300, maxAsyncRetryAttempts: 3 },
  list: {
    includePayload: true,
    limit: 10,
    nextToken: 'MTIzNCNhYmM=',
    prefix: 'job-',
    qualifier: 'LATEST',
    sortOrderByTime: 'asc',
    startedTimeBegin: 1_640_966_400_000,
    startedTimeEnd: 1_640_966_400_000,
    status: 'Running',
  },
} as const;

const DESTINATION = { destination: 'acs:fc:cn-shanghai:xxx:services/s1/functions/f1' };

/** Page 001: PutFunctionAsyncInvokeConfig of 2021-04-06, its sample answer; page 002 lists the same document. */
export const SEED_001 = {
  createdTime: '2020-09-10T02:45:02Z',
  destinationConfig: { onSuccess: DESTINATION, onFailure: DESTINATION },
  function: 'helloworld',
  lastModifiedTime: '2020-09-10T02:45:02Z',
  maxAsyncEventAgeInSeconds: 300,
  maxAsyncRetryAttempts: 3,
  qualifier: 'test',
  service: 'demo-service',
  statefulInvocation: true,
} as const;

/** Page 002: ListFunctionAsyncInvokeConfigs of 2021-04-06. */
export const SEED_002 = { configs: [SEED_001], nextToken: 'caeba0be03****f84eb48b699f0a4883' } as const;

/** Page 003: ListAsyncTasks of 3.0, its sample answer. */
export const SEED_003 = {
  nextToken: '',
  tasks: [
    {
      alreadyRetriedTimes: 3,
      destinationStatus: 'Succeeded',
      durationMs: 1000,
      endTime: 1_633_449_590_000,
      events: [{ eventDetail: 'body', eventId: 1, status: 'Succeeded', timestamp: 1_647_420_449_721 }],
      functionArn: 'acs:fc:cn-shanghai:1234/functions/my-func',
      instanceId: 'D4-*******9FD1-882707E',
      qualifier: 'prod',
      requestId: 'e026ae92-61e5-472f-b32d-1c9e3c4e****',
      returnPayload: 'result',
      startedTime: 1_633_449_590_000,
      status: 'Running',
      taskErrorMessage: 'UnhandledInvocationError',
      taskId: 'e026ae92-61e5-472f-b32d-1c9e3c4e****',
      taskPayload: 'body',
    },
  ],
} as const;

/** Page 004: the list of stateful asynchronous invocations of 2016-08-15, its sample request and answer. */
export const SEED_004 = {
  path: '/2016-08-15/services/service_name.alias/functions/function_name/stateful-async-invocations',
  query: { invocationIdPrefix: 'job-', limit: 50, sortOrderByTime: 'asc', includePayload: true },
  answer: {
    invocations: [
      {
        functionName: 'function_name',
        qualifier: 'alias',
        serviceName: 'service_name',
        invocationId: 'e026ae92-61e5-472f-b32d-1c9e3c4e****',
        requestId: '403fcbd6-ec41-401f-9fa7-386f3d3d****',
        status: 'Succeeded',
        destinationStatus: 'Succeeded',
        invocationErrorMessage: 'UnhandledException',
        InvocationPayload: 'hello world',
        alreadyRetriedTimes: 3,
      },
    ],
    nextToken: 'caeba0be03****f84eb48b699f0a4883',
  },
} as const;

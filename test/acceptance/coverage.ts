/**
 * Which test file covers which operation. Members of requests and answers are read from the SDK's models
 * (`sdk-members.ts`); errors and what is not built are written here. Each file ends with a test that holds its rows
 * against what really went over the wire, so a row claims nothing that did not happen.
 */
import { type Claim, claimsOfOperation } from '../support/claims.ts';
import { sdkRequestMembers, sdkResponseMembers } from './sdk-members.ts';

export interface Row {
  readonly method: 'DELETE' | 'GET' | 'POST' | 'PUT';
  /** Below `/2023-03-30`; `{}` for a parameter. */
  readonly path: string;
  /** The test file, without `.test.ts`. */
  readonly file: string;
  /** Wire codes that the operation can answer with, beside those of every operation. */
  readonly errors: readonly string[];
  /** Response headers that are its own. */
  readonly headers?: readonly string[];
  /** Members of the SDK's models that are not built, with the reason why they cannot be covered. */
  readonly gaps?: Readonly<Record<string, string>>;
}

const NEVER_SET = 'says why something failed, or is locked, or is placed; here nothing of it can happen';

/** Of `Function` in answers. */
const FUNCTION_GAPS: Readonly<Record<string, string>> = {
  lastUpdateStatusReason: NEVER_SET,
  lastUpdateStatusReasonCode: NEVER_SET,
  lockInfo: NEVER_SET,
  stateReason: NEVER_SET,
  stateReasonCode: NEVER_SET,
  'instanceLifecycleConfig.initializer.command': 'a hook of container images, which are not run',
  'instanceLifecycleConfig.preStop.command': 'a hook of container images, which are not run',
};

const LISTED_FUNCTION_GAPS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(FUNCTION_GAPS).map(([name, reason]) => [`functions[].${name}`, reason])),
  'functions[].state': 'lists leave the state out, as the real service does',
  'functions[].lastUpdateStatus': 'lists leave the state out, as the real service does',
};

const INVOCATION_HEADERS = [
  'x-fc-async-task-id',
  'x-fc-code-checksum',
  'x-fc-error-type',
  'x-fc-instance-id',
  'x-fc-invocation-duration',
  'x-fc-invocation-service-version',
  'x-fc-log-result',
  'x-fc-max-memory-usage',
];

const NO_SCHEDULE = 'targets change by request alone; a rule that would change them is refused';
const NO_SCHEDULES = { scheduledActions: NO_SCHEDULE, targetTrackingPolicies: NO_SCHEDULE };

const NO_CONFIG_FUNCTION = ['FunctionNotFound', 'InvalidArgument'];

export const BUILT: Readonly<Record<string, Row>> = {
  PutAsyncInvokeConfig: {
    method: 'PUT',
    path: '/functions/{}/async-invoke-config',
    file: 'async-configs',
    errors: ['AliasNotFound', 'FunctionNotFound', 'InvalidArgument', 'VersionNotFound'],
  },
  GetAsyncInvokeConfig: {
    method: 'GET',
    path: '/functions/{}/async-invoke-config',
    file: 'async-configs',
    errors: ['AsyncConfigNotExists', 'FunctionNotFound'],
  },
  DeleteAsyncInvokeConfig: {
    method: 'DELETE',
    path: '/functions/{}/async-invoke-config',
    file: 'async-configs',
    errors: ['FunctionNotFound'],
  },
  ListAsyncInvokeConfigs: {
    method: 'GET',
    path: '/async-invoke-configs',
    file: 'async-configs',
    errors: ['InvalidArgument'],
  },

  GetAsyncTask: { method: 'GET', path: '/functions/{}/async-tasks/{}', file: 'tasks', errors: ['AsyncTaskNotFound'] },
  ListAsyncTasks: { method: 'GET', path: '/functions/{}/async-tasks', file: 'tasks', errors: NO_CONFIG_FUNCTION },
  StopAsyncTask: {
    method: 'PUT',
    path: '/functions/{}/async-tasks/{}/stop',
    file: 'stop',
    errors: ['AsyncTaskAlreadyCompleted', 'AsyncTaskNotFound'],
  },

  InvokeFunction: {
    method: 'POST',
    path: '/functions/{}/invocations',
    file: 'invoke',
    headers: INVOCATION_HEADERS,
    errors: [
      ...['AliasNotFound', 'AsyncTaskAlreadyExists', 'EntityTooLarge', 'FunctionDisabled', 'FunctionNotFound'],
      ...['InvalidArgument', 'ResourceExhausted', 'VersionNotFound'],
    ],
  },

  CreateFunction: {
    method: 'POST',
    path: '/functions',
    file: 'functions',
    errors: ['FunctionAlreadyExists', 'InvalidArgument'],
    gaps: { ...FUNCTION_GAPS, invocationRestriction: 'a new function has none' },
  },
  GetFunction: {
    method: 'GET',
    path: '/functions/{}',
    file: 'functions',
    errors: ['AliasNotFound', 'FunctionNotFound', 'InvalidArgument', 'VersionNotFound'],
    gaps: FUNCTION_GAPS,
  },
  UpdateFunction: {
    method: 'PUT',
    path: '/functions/{}',
    file: 'functions',
    errors: NO_CONFIG_FUNCTION,
    gaps: FUNCTION_GAPS,
  },
  DeleteFunction: { method: 'DELETE', path: '/functions/{}', file: 'functions', errors: ['FunctionNotFound'] },
  ListFunctions: {
    method: 'GET',
    path: '/functions',
    file: 'functions',
    errors: ['InvalidArgument'],
    gaps: {
      ...LISTED_FUNCTION_GAPS,
      'tags[].Key': 'travels as the JSON text of tags',
      'tags[].Value': 'travels as the JSON text of tags',
    },
  },
  GetFunctionCode: {
    method: 'GET',
    path: '/functions/{}/code',
    file: 'code',
    errors: ['FunctionNotFound', 'VersionNotFound'],
  },

  PublishFunctionVersion: {
    method: 'POST',
    path: '/functions/{}/versions',
    file: 'versions',
    errors: NO_CONFIG_FUNCTION,
  },
  ListFunctionVersions: { method: 'GET', path: '/functions/{}/versions', file: 'versions', errors: NO_CONFIG_FUNCTION },
  DeleteFunctionVersion: {
    method: 'DELETE',
    path: '/functions/{}/versions/{}',
    file: 'versions',
    errors: ['FunctionNotFound', 'VersionInUse', 'VersionNotFound'],
  },

  CreateAlias: {
    method: 'POST',
    path: '/functions/{}/aliases',
    file: 'aliases',
    errors: [
      'AdditionalVersionContainsMajorVersion',
      'AliasAlreadyExists',
      'FunctionNotFound',
      'InvalidArgument',
      'VersionNotFound',
    ],
  },
  GetAlias: {
    method: 'GET',
    path: '/functions/{}/aliases/{}',
    file: 'aliases',
    errors: ['AliasNotFound', 'FunctionNotFound'],
  },
  UpdateAlias: {
    method: 'PUT',
    path: '/functions/{}/aliases/{}',
    file: 'aliases',
    errors: [
      'AdditionalVersionContainsMajorVersion',
      'AliasNotFound',
      'FunctionNotFound',
      'InvalidArgument',
      'VersionNotFound',
    ],
  },
  DeleteAlias: {
    method: 'DELETE',
    path: '/functions/{}/aliases/{}',
    file: 'aliases',
    errors: ['AliasNotFound', 'FunctionNotFound'],
  },
  ListAliases: { method: 'GET', path: '/functions/{}/aliases', file: 'aliases', errors: NO_CONFIG_FUNCTION },

  PutConcurrencyConfig: {
    method: 'PUT',
    path: '/functions/{}/concurrency',
    file: 'concurrency',
    errors: NO_CONFIG_FUNCTION,
  },
  GetConcurrencyConfig: {
    method: 'GET',
    path: '/functions/{}/concurrency',
    file: 'concurrency',
    errors: ['FunctionNotFound', 'OnDemandConfigNotFound'],
  },
  DeleteConcurrencyConfig: {
    method: 'DELETE',
    path: '/functions/{}/concurrency',
    file: 'concurrency',
    errors: ['FunctionNotFound'],
  },
  ListConcurrencyConfigs: {
    method: 'GET',
    path: '/concurrency-configs',
    file: 'concurrency',
    errors: ['InvalidArgument'],
  },

  DisableFunctionInvocation: {
    method: 'POST',
    path: '/functions/{}/invoke/disable',
    file: 'disable',
    errors: NO_CONFIG_FUNCTION,
  },
  EnableFunctionInvocation: {
    method: 'POST',
    path: '/functions/{}/invoke/enable',
    file: 'disable',
    errors: ['FunctionNotFound'],
  },

  ListInstances: {
    method: 'GET',
    path: '/functions/{}/instances',
    file: 'instances',
    errors: NO_CONFIG_FUNCTION,
    gaps: { 'instances[].resourceType': 'tells kinds of machines apart; there is one' },
  },

  PutProvisionConfig: {
    method: 'PUT',
    path: '/functions/{}/provision-config',
    file: 'provision',
    errors: ['AliasNotFound', 'FunctionNotFound', 'InvalidArgument', 'VersionNotFound'],
    gaps: NO_SCHEDULES,
  },
  GetProvisionConfig: {
    method: 'GET',
    path: '/functions/{}/provision-config',
    file: 'provision',
    errors: ['AliasNotFound', 'FunctionNotFound', 'VersionNotFound'],
    gaps: NO_SCHEDULES,
  },
  DeleteProvisionConfig: {
    method: 'DELETE',
    path: '/functions/{}/provision-config',
    file: 'provision',
    errors: ['FunctionNotFound'],
  },
  ListProvisionConfigs: {
    method: 'GET',
    path: '/provision-configs',
    file: 'provision',
    errors: ['InvalidArgument'],
    gaps: Object.fromEntries(
      Object.entries(NO_SCHEDULES).map(([name, reason]) => [`provisionConfigs[].${name}`, reason]),
    ),
  },

  CreateLayerVersion: {
    method: 'POST',
    path: '/layers/{}/versions',
    file: 'layers',
    errors: ['InvalidArgument'],
  },
  GetLayerVersion: {
    method: 'GET',
    path: '/layers/{}/versions/{}',
    file: 'layers',
    errors: ['InvalidArgument', 'LayerNotFound', 'LayerVersionNotFound'],
  },
  GetLayerVersionByArn: {
    method: 'GET',
    path: '/layerarn/{}',
    file: 'layers',
    errors: ['InvalidArgument', 'LayerNotFound', 'LayerVersionNotFound'],
  },
  ListLayerVersions: {
    method: 'GET',
    path: '/layers/{}/versions',
    file: 'layers',
    errors: ['InvalidArgument', 'LayerNotFound'],
  },
  ListLayers: { method: 'GET', path: '/layers', file: 'layers', errors: ['InvalidArgument'] },
  DeleteLayerVersion: {
    method: 'DELETE',
    path: '/layers/{}/versions/{}',
    file: 'layers',
    errors: ['LayerNotFound', 'LayerVersionNotFound'],
  },
  PutLayerACL: { method: 'PUT', path: '/layers/{}/acl', file: 'layers', errors: ['InvalidArgument', 'LayerNotFound'] },
  CreateTrigger: {
    method: 'POST',
    path: '/functions/{}/triggers',
    file: 'triggers',
    errors: ['AliasNotFound', 'FunctionNotFound', 'InvalidArgument', 'TriggerAlreadyExists', 'VersionNotFound'],
  },
  GetTrigger: {
    method: 'GET',
    path: '/functions/{}/triggers/{}',
    file: 'triggers',
    errors: ['FunctionNotFound', 'TriggerNotFound'],
  },
  UpdateTrigger: {
    method: 'PUT',
    path: '/functions/{}/triggers/{}',
    file: 'triggers',
    errors: [
      ...['AliasNotFound', 'FunctionNotFound', 'InvalidArgument', 'TriggerAlreadyExists', 'TriggerNotFound'],
      'VersionNotFound',
    ],
  },
  DeleteTrigger: {
    method: 'DELETE',
    path: '/functions/{}/triggers/{}',
    file: 'triggers',
    errors: ['FunctionNotFound', 'TriggerNotFound'],
  },
  ListTriggers: {
    method: 'GET',
    path: '/functions/{}/triggers',
    file: 'triggers',
    errors: ['FunctionNotFound', 'InvalidArgument'],
  },
};

/** Operations of the SDK that answer `OperationNotSupported`; `unsupported-operations.test.ts` calls each. */
export const NOT_BUILT: readonly string[] = [
  ...['ChangeResourceGroup', 'DescribeRegions'],
  ...['CreateCustomDomain', 'DeleteCustomDomain', 'GetCustomDomain', 'ListCustomDomains', 'UpdateCustomDomain'],
  ...['DeleteScalingConfig', 'GetScalingConfig', 'ListScalingConfigs', 'PutScalingConfig'],
  ...['CreateVpcBinding', 'DeleteVpcBinding', 'ListVpcBindings'],
  ...['ListTagResources', 'TagResources', 'UntagResources'],
  ...['CreateSession', 'DeleteSession', 'GetSession', 'ListSessions', 'UpdateSession', 'PauseSession', 'ResumeSession'],
];

/** Everything that a row says was sent or seen. */
export function claimsOf(operation: string, { errors, headers = [], gaps = {} }: Row): readonly Claim[] {
  const response = [...sdkResponseMembers(operation), ...headers];
  return claimsOfOperation({ operation, request: sdkRequestMembers(operation), response, errors, gaps });
}

/** The operation of a request, by its path below the version. */
export function operationAt(method: string, target: string): string | undefined {
  const path = target.split('?', 1)[0] ?? '';
  const segments = path.split('/').slice(2);
  const match = Object.entries(BUILT).find(([, row]) => row.method === method && fits(row.path, segments));
  return match?.[0];
}

function fits(pattern: string, segments: readonly string[]): boolean {
  const parts = pattern.split('/').slice(1);
  return parts.length === segments.length && parts.every((part, index) => part === '{}' || part === segments[index]);
}

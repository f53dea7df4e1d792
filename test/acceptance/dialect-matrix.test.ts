import {
  type AsyncTask,
  CreateTriggerInput,
  CreateTriggerRequest,
  GetAsyncInvokeConfigRequest,
  GetAsyncTaskRequest,
  GetFunctionRequest,
  ListAliasesRequest,
  ListAsyncTasksRequest,
  ListFunctionsRequest,
  ListFunctionVersionsRequest,
  PublishFunctionVersionRequest,
  PublishVersionInput,
  PutAsyncInvokeConfigInput,
  PutAsyncInvokeConfigRequest,
  PutConcurrencyInput,
  PutConcurrencyConfigRequest,
  StopAsyncTaskRequest,
  UpdateFunctionInput,
  UpdateFunctionRequest,
  UpdateTriggerInput,
  UpdateTriggerRequest,
} from '@alicloud/fc20230330';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getTask, uniqueName } from '../support/functions.ts';
import type { OlderApi } from '../support/older-api.ts';
import { Sdk2016 } from '../support/sdk-2016.ts';
import { Sdk2021 } from '../support/sdk-2021.ts';
import { refusalOf, SdkClient } from '../support/sdk.ts';
import { type Server, startServer } from '../support/server.ts';
import { createTaskPlace, getTaskOf, type Place, submitTo, type Task, untilTaskOf } from '../support/services.ts';
import { WireLog } from '../support/wire-log.ts';

/*
 * A function of 2.0 is the function `service$function` of 3.0: one object, and what is made of it through one version is
 * read, listed and stopped through each other one.
 */

let server: Server;
let newer: SdkClient;
let place: Place;
let name: string;
const older: OlderApi[] = [];

beforeAll(async () => {
  server = await startServer();
  const target = { host: server.host };
  const log = new WireLog();
  newer = new SdkClient(target, log);
  older.push(new Sdk2021(target, log), new Sdk2016(target, log));
  place = await createTaskPlace(api('2021-04-06'));
  name = `${place.service}$${place.function}`;
});
afterAll(() => server.stop());

function api(version: string): OlderApi {
  const found = older.find((candidate) => candidate.version === version);
  if (found === undefined) throw new Error(`no SDK of ${version}`);
  return found;
}

/** What a version does with the tasks of the function, in the member names of 2.0. */
interface View {
  submit(taskId: string, script: object, delaySeconds?: number): Promise<void>;
  get(taskId: string): Promise<Task>;
  list(taskId: string): Promise<Task | undefined>;
  stop(taskId: string): Promise<unknown>;
  /** Code of the refusal. */
  stopRefused(taskId: string): Promise<string>;
}

const NEWER: View = {
  async submit(taskId, script, delaySeconds = 0) {
    const headers = { 'x-fc-async-delay': String(delaySeconds) };
    await newer.invoke(name, { payload: JSON.stringify(script), type: 'Async', taskId, headers });
  },
  get: async (taskId) => inOlderNames(await getTask(newer, name, taskId)),
  async list(taskId) {
    const request = new ListAsyncTasksRequest({ prefix: taskId, includePayload: true });
    const [task] = (await newer.listAsyncTasks(name, request)).body?.tasks ?? [];
    return task && inOlderNames(task);
  },
  stop: (taskId) => newer.stopAsyncTask(name, taskId, new StopAsyncTaskRequest({})),
  stopRefused: async (taskId) => (await refusalOf(NEWER.stop(taskId))).code,
};

/** Field by field: what 3.0 calls otherwise is renamed, and nothing else. */
function inOlderNames(task: AsyncTask): Task {
  const { taskId, taskPayload, taskErrorMessage, functionArn, ...same } = task.toMap() as Record<string, unknown>;
  expect(functionArn).toBe(`acs:fc:local:1000000000000000:functions/${name}`);
  return {
    invocationId: taskId,
    invocationPayload: taskPayload,
    invocationErrorMessage: taskErrorMessage,
    serviceName: place.service,
    functionName: place.function,
    ...same,
  };
}

function olderView(version: string): View {
  return {
    async submit(taskId, script, delaySeconds = 0) {
      await submitTo(api(version), place, { taskId, script, headers: { 'x-fc-async-delay': String(delaySeconds) } });
    },
    get: (taskId) => getTaskOf(api(version), place, taskId),
    async list(taskId) {
      const query = { invocationIdPrefix: taskId, includePayload: true };
      const { json } = await api(version).call('ListStatefulAsyncInvocations', { ...place, query });
      return (json['invocations'] as Task[])[0];
    },
    stop: (id) => api(version).call('StopStatefulAsyncInvocation', { ...place, id }),
    stopRefused: async (id) => (await api(version).refusal('StopStatefulAsyncInvocation', { ...place, id })).code,
  };
}

const VIEWS: Readonly<Record<string, View>> = {
  '2023-03-30': NEWER,
  '2021-04-06': olderView('2021-04-06'),
  '2016-08-15': olderView('2016-08-15'),
};
const VERSIONS = Object.keys(VIEWS);
const PAIRS = VERSIONS.flatMap((maker) => VERSIONS.filter((other) => other !== maker).map((other) => [maker, other]));

function view(version: string): View {
  const found = VIEWS[version];
  if (found === undefined) throw new Error(`no view of ${version}`);
  return found;
}

describe.each(PAIRS)('a task made through %s', (maker = '', other = '') => {
  test(`is read and listed through ${other}, field by field, as through its own`, async () => {
    const taskId = uniqueName('job');
    await view(maker).submit(taskId, { log: 'line', fail: 'no' });
    await untilTaskOf(api('2021-04-06'), place, taskId);
    const own = await view(maker).get(taskId);
    expect(Object.keys(own)).toHaveLength(16);
    expect(own).toMatchObject({
      invocationId: taskId,
      status: 'Failed',
      invocationPayload: '{"log":"line","fail":"no"}',
    });
    expect(await view(other).get(taskId)).toEqual(own);
    expect(await view(other).list(taskId)).toEqual(own);
    expect(await view(maker).list(taskId)).toEqual(own);
  });

  test(`is stopped through ${other}, and says so in its own`, async () => {
    const taskId = uniqueName('job');
    await view(maker).submit(taskId, {}, 600);
    await view(other).stop(taskId);
    expect(await view(maker).get(taskId)).toMatchObject({ status: 'Stopped' });
    const code = maker === '2023-03-30' ? 'AsyncTaskAlreadyCompleted' : 'StatefulAsyncInvocationAlreadyCompleted';
    expect(await view(maker).stopRefused(taskId)).toBe(code);
  });

  test(`holds its id against a second one through ${other}`, async () => {
    const taskId = uniqueName('job');
    await view(maker).submit(taskId, {}, 600);
    await expect(view(other).submit(taskId, {})).rejects.toMatchObject({
      code: expect.stringContaining('AlreadyExists'),
    });
    await view(maker).stop(taskId);
  });
});

describe('a function', () => {
  test('that was made through 2.0 is seen, changed and listed through 3.0', async () => {
    const { body } = await newer.getFunction(name, new GetFunctionRequest({}));
    expect(body).toMatchObject({ functionName: name, handler: 'index.handler', runtime: 'nodejs20', timeout: 10 });
    for (const one of older) {
      const { json } = await one.call('GetFunction', place);
      expect(json).toMatchObject({
        functionName: place.function,
        functionId: body?.functionId,
        codeChecksum: body?.codeChecksum,
        createdTime: body?.createdTime,
        lastModifiedTime: body?.lastModifiedTime,
        timeout: 10,
      });
    }
    const change = new UpdateFunctionInput({ description: 'through 3.0' });
    await newer.updateFunction(name, new UpdateFunctionRequest({ body: change }));
    for (const one of older) {
      expect((await one.call('GetFunction', place)).json['description']).toBe('through 3.0');
    }
    const listed = async (fcVersion: string) =>
      (await newer.listFunctions(new ListFunctionsRequest({ fcVersion, limit: 100 }))).body?.functions?.map(
        ({ functionName }) => functionName,
      );
    expect(await listed('v2')).toContain(name);
    expect(await listed('v3')).not.toContain(name);
  });

  test('has one configuration and one limit, whichever version wrote them', async () => {
    const other = await createTaskPlace(api('2016-08-15'));
    const otherName = `${other.service}$${other.function}`;
    const members = { asyncTask: true, maxAsyncRetryAttempts: 2, maxAsyncEventAgeInSeconds: 60 };
    const body = new PutAsyncInvokeConfigInput(members);
    await newer.putAsyncInvokeConfig(otherName, new PutAsyncInvokeConfigRequest({ body }));
    for (const one of older) {
      expect((await one.call('GetFunctionAsyncInvokeConfig', other)).json).toMatchObject({
        service: other.service,
        function: other.function,
        qualifier: 'LATEST',
        statefulInvocation: true,
        maxAsyncRetryAttempts: 2,
        maxAsyncEventAgeInSeconds: 60,
      });
      const change = { statefulInvocation: false, maxAsyncRetryAttempts: 5 };
      await one.call('PutFunctionAsyncInvokeConfig', { ...other, body: change });
      const seen = (await newer.getAsyncInvokeConfig(otherName, new GetAsyncInvokeConfigRequest({}))).body;
      expect(seen).toMatchObject({ asyncTask: false, maxAsyncRetryAttempts: 5 });
      await newer.putAsyncInvokeConfig(otherName, new PutAsyncInvokeConfigRequest({ body }));
    }
    const limit = new PutConcurrencyInput({ reservedConcurrency: 7 });
    await newer.putConcurrencyConfig(otherName, new PutConcurrencyConfigRequest({ body: limit }));
    for (const one of older) {
      const { json } = await one.call('GetFunctionOnDemandConfig', { ...other, qualifier: 'LATEST' });
      expect(json['maximumInstanceCount']).toBe(7);
    }
  });

  test("has its service's versions and aliases in 3.0, to be read and used and not to be changed", async () => {
    const { service } = place;
    const one = api('2016-08-15');
    await one.call('PublishServiceVersion', { service, body: { description: 'first' } });
    await one.call('CreateAlias', { service, body: { aliasName: 'prod', versionId: '1' } });
    const versions = (await newer.listFunctionVersions(name, new ListFunctionVersionsRequest({}))).body?.versions;
    expect(versions?.map(({ versionId, description }) => [versionId, description])).toEqual([['1', 'first']]);
    const aliases = (await newer.listAliases(name, new ListAliasesRequest({}))).body?.aliases;
    expect(aliases?.map(({ aliasName }) => aliasName)).toEqual(['prod']);
    expect((await newer.getAlias(name, 'prod')).body).toMatchObject({ aliasName: 'prod', versionId: '1' });
    const { headers } = await newer.invoke(name, { payload: '{}', qualifier: 'prod' });
    expect(headers['x-fc-invocation-service-version']).toBe('1');
    const body = new PublishVersionInput({});
    const refused = [
      ['PublishServiceVersion', () => newer.publishFunctionVersion(name, new PublishFunctionVersionRequest({ body }))],
      ['DeleteServiceVersion', () => newer.deleteFunctionVersion(name, '1')],
      ['DeleteAlias', () => newer.deleteAlias(name, 'prod')],
    ] as const;
    for (const [operation, call] of refused) {
      expect(await refusalOf(call()), operation).toMatchObject({
        code: 'InvalidArgument',
        message: expect.stringContaining(`use ${operation} of API version 2021-04-06 or 2016-08-15`),
      });
    }
  });

  test('of 3.0 is nowhere in 2.0', async () => {
    for (const one of older) {
      const elsewhere = { service: place.service, function: 'none' };
      expect(await one.refusal('GetFunction', elsewhere)).toMatchObject({ code: 'FunctionNotFound' });
    }
    const missing = newer.getAsyncTask(name, 'none', new GetAsyncTaskRequest({}));
    expect(await refusalOf(missing)).toMatchObject({ code: 'AsyncTaskNotFound' });
  });

  test('that is deleted through 3.0 is gone from its service', async () => {
    const other = await createTaskPlace(api('2021-04-06'));
    await newer.deleteFunction(`${other.service}$${other.function}`);
    for (const one of older) {
      expect(await one.refusal('GetFunction', other)).toMatchObject({ code: 'FunctionNotFound' });
    }
    await api('2021-04-06').call('DeleteService', { service: other.service });
  });
});

describe('a trigger', () => {
  test('that is made through one version is read, changed and deleted through each other', async () => {
    const config = { authType: 'anonymous', disableURLInternet: false, methods: ['GET'] };
    const versions = ['2016-08-15', '2021-04-06', '3.0'] as const;
    const seen = async (): Promise<readonly unknown[]> => {
      const newest = (await newer.getTrigger(name, 'http')).body;
      const inThree = [newest?.triggerId, newest?.description, newest?.httpTrigger?.urlInternet, newest?.triggerConfig];
      const inTwo = versions.slice(0, 2).map(async (version) => {
        const { json } = await api(version).call('GetTrigger', { ...place, id: 'http' });
        const given = json['triggerConfig'];
        const text = typeof given === 'string' ? given : JSON.stringify(given);
        return [json['triggerId'], json['description'], json['urlInternet'], text];
      });
      const all = [inThree, ...(await Promise.all(inTwo))];
      for (const one of all) expect(one).toEqual(all[0]);
      return inThree;
    };
    const members = { triggerName: 'http', triggerType: 'http' };
    const makers: Readonly<Record<string, () => Promise<unknown>>> = {
      '2016-08-15': () =>
        api('2016-08-15').call('CreateTrigger', { ...place, body: { ...members, triggerConfig: config } }),
      '2021-04-06': () =>
        api('2021-04-06').call('CreateTrigger', {
          ...place,
          body: { ...members, triggerConfig: JSON.stringify(config) },
        }),
      '3.0': () =>
        newer.createTrigger(
          name,
          new CreateTriggerRequest({
            body: new CreateTriggerInput({ ...members, triggerConfig: JSON.stringify(config) }),
          }),
        ),
    };
    const changed = { description: 'changed' };
    for (const [index, version] of versions.entries()) {
      await makers[version]?.();
      const before = await seen();
      const changer = versions[(index + 1) % versions.length] ?? '3.0';
      if (changer === '3.0') {
        const body = new UpdateTriggerInput(changed);
        await newer.updateTrigger(name, 'http', new UpdateTriggerRequest({ body }));
      } else await api(changer).call('UpdateTrigger', { ...place, id: 'http', body: changed });
      const after = await seen();
      expect(after).toEqual([before[0], 'changed', before[2], JSON.stringify(config)]);
      const deleter = versions[(index + 2) % versions.length] ?? '3.0';
      if (deleter === '3.0') await newer.deleteTrigger(name, 'http');
      else await api(deleter).call('DeleteTrigger', { ...place, id: 'http' });
      expect(await refusalOf(newer.getTrigger(name, 'http'))).toMatchObject({ code: 'TriggerNotFound' });
    }
  });
});

/** Lists where task mode is on in 2.0: each service, function and qualifier whose invocations leave a record. */
import { type ServiceFunction, splitServiceFunction } from '../core/names.ts';
import type { Page, PageRequest } from './record-shelf.ts';
import { ASYNC_CONFIGS } from './resource-store.ts';
import type { Caller, ServiceContext } from './service-context.ts';

export interface TaskFunction extends ServiceFunction {
  readonly qualifier: string;
}

/** By service, function and qualifier. A page may be short and have a token all the same. */
export async function listTaskFunctions(
  { store }: ServiceContext,
  { account }: Caller,
  request: PageRequest,
): Promise<Page<TaskFunction>> {
  const { items, nextToken } = await ASYNC_CONFIGS.list(
    store,
    { account },
    request,
    ({ asyncTask, functionName }) => asyncTask && splitServiceFunction(functionName) !== undefined,
  );
  const found = items.map(({ functionName, qualifier }) => {
    const split = splitServiceFunction(functionName);
    return split && { ...split, qualifier };
  });
  return { items: found.filter((item) => item !== undefined), nextToken };
}

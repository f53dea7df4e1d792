/** ListInstances: which instances of a function are alive. */
import { LIST_LIMIT_DEFAULT } from '../../../core/limits.ts';
import { listInstances } from '../../../service/list-instances.ts';
import { type Call, ok, type Reply } from '../call.ts';
import { CONTROL_BODY_BYTES_MAX as bodyBytesMax, type Operation } from '../operation.ts';
import { type Form, FUNCTION, functionOf, withinService } from './form.ts';

const LIMIT_MAX = 1000;

export function instanceOperations(form: Form): readonly Operation[] {
  return withinService(form, [
    {
      name: 'ListInstances',
      method: 'GET',
      path: `${FUNCTION}/instances`,
      bodyBytesMax,
      handle: (call) => list(form, call),
    },
  ]);
}

async function list(form: Form, call: Call): Promise<Reply> {
  const { functionName, qualifier } = functionOf(form, call);
  const instances = await listInstances(call.context, call.caller, {
    functionName,
    // Without one it is the head, as in an invocation.
    qualifier: qualifier === '' ? 'LATEST' : qualifier,
    instanceIds: instanceIdsOf(call),
    statuses: ['Running'],
    withAllActive: false,
    startKey: '',
    // 0 is documented, and means the default.
    limit: call.query.integer('limit', { min: 0, max: LIMIT_MAX }) || LIST_LIMIT_DEFAULT,
  });
  return ok({ instances: instances.map(({ instanceId, versionId }) => ({ instanceId, versionId })) });
}

/** `instanceIds.1=a&instanceIds.2=b` (2021), or one `instanceIds=a`. */
function instanceIdsOf({ query }: Call): readonly string[] {
  return [...query.parameters]
    .filter(([name, value]) => /^instanceIds(\.\d+)?$/.test(name) && value !== '')
    .map(([, value]) => value);
}

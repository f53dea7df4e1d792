/** How 2021-04-06 writes what it shares with 2016-08-15. */
import { invalidArgument } from '../../core/errors.ts';
import { LIST_LIMIT_DEFAULT } from '../../core/limits.ts';
import { type Call, pathParameter } from '../shared/call.ts';
import { type Form, type QualifiedService, splitAtDot } from '../shared/fc-2/form.ts';

export const FORM: Form = {
  serviceOf,
  taskLimitDefault: LIST_LIMIT_DEFAULT,
  untagMethod: 'PUT',
  taggedReply: () => ({ status: 200 }),
  triggerConfig: (config) => JSON.stringify(config),
};

/** The qualifier is a query parameter; the older form, on the service, is taken too. */
function serviceOf(call: Call): QualifiedService {
  const { serviceName, qualifier: older } = splitAtDot(pathParameter(call, 'serviceName'));
  const qualifier = call.query.text('qualifier');
  if (qualifier !== '' && older !== '' && qualifier !== older) {
    throw invalidArgument(`qualifier is '${qualifier}' in the query and '${older}' in the path`);
  }
  return { serviceName, qualifier: qualifier || older };
}

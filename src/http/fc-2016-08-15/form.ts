/** How 2016-08-15 writes what it shares with 2021-04-06. */
import { ok, pathParameter } from '../shared/call.ts';
import { type Form, splitAtDot } from '../shared/fc-2/form.ts';

export const FORM: Form = {
  // In the path alone: the FC signature covers the path and not the query.
  serviceOf: (call) => splitAtDot(pathParameter(call, 'serviceName')),
  taskLimitDefault: 50,
  untagMethod: 'DELETE',
  // The Python SDK reads JSON from the answer, and throws where there is none.
  taggedReply: ({ caller }) => ok({ requestId: caller.requestId }),
  triggerConfig: (config) => config,
};

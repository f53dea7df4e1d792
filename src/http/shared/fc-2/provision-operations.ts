/** Instances that are kept up, as 2.0 writes it. To set them to 0 is how it deletes. */
import {
  getProvisionConfig,
  listProvisionConfigs,
  type Provisioned,
  putProvisionConfig,
} from '../../../service/provision-config.ts';
import { splitServiceFunction } from '../../../core/names.ts';
import { type Call, ok, type Reply } from '../call.ts';
import { decodeJsonBody } from '../json-body.ts';
import { CONTROL_BODY_BYTES_MAX as bodyBytesMax, type Operation } from '../operation.ts';
import { pageOf } from '../page-query.ts';
import { decodeProvision, encodeProvision } from '../provision-members.ts';
import { type Form, FUNCTION, functionOf, splitName, withinService } from './form.ts';
import { nextPage } from './next-page.ts';

const ITEM = `${FUNCTION}/provision-config`;

export function provisionOperations(form: Form): readonly Operation[] {
  return [
    ...withinService(form, [
      { name: 'PutProvisionConfig', method: 'PUT', path: ITEM, bodyBytesMax, handle: (call) => put(form, call) },
      { name: 'GetProvisionConfig', method: 'GET', path: ITEM, bodyBytesMax, handle: (call) => get(form, call) },
    ]),
    { name: 'ListProvisionConfigs', method: 'GET', path: '/provision-configs', bodyBytesMax, handle: list },
  ];
}

async function put(form: Form, call: Call): Promise<Reply> {
  const input = decodeProvision(decodeJsonBody(call.body), functionOf(form, call));
  return ok(encode(await putProvisionConfig(call.context, call.caller, input)));
}

async function get(form: Form, call: Call): Promise<Reply> {
  return ok(encode(await getProvisionConfig(call.context, call.caller, functionOf(form, call))));
}

async function list(call: Call): Promise<Reply> {
  const serviceName = call.query.text('serviceName');
  const qualifier = call.query.text('qualifier');
  const { limit, nextToken } = pageOf(call.query);
  const page = await listProvisionConfigs(call.context, call.caller, {
    limit,
    nextToken,
    accepts: (config) => {
      const service = splitServiceFunction(config.functionName)?.serviceName;
      if (service === undefined || (serviceName !== '' && service !== serviceName)) return false;
      return qualifier === '' || config.qualifier === qualifier;
    },
  });
  return ok({ provisionConfigs: page.items.map(encode), ...nextPage(page.nextToken) });
}

function encode(config: Provisioned): Record<string, unknown> {
  const { serviceName, functionName } = splitName(config.functionName);
  return {
    ...encodeProvision(config),
    resource: `${config.account}#${serviceName}#${config.qualifier}#${functionName}`,
    currentError: '',
  };
}

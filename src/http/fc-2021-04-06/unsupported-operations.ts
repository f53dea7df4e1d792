/** Operations that the SDK has and Meanwhile has not. */
import type { Operation } from '../shared/operation.ts';
import { FUNCTION } from '../shared/fc-2/form.ts';
import { UNSUPPORTED_IN_BOTH } from '../shared/fc-2/unsupported.ts';
import { unsupportedOperations } from '../shared/unsupported-operations.ts';

export const UNSUPPORTED_OPERATIONS: readonly Operation[] = unsupportedOperations([
  ...UNSUPPORTED_IN_BOTH,
  ['ListReservedCapacities', 'GET', '/reserved-capacities'],
  ['RegisterEventSource', 'POST', `${FUNCTION}/event-sources`],
  ['ListEventSources', 'GET', `${FUNCTION}/event-sources`],
  ['DeregisterEventSource', 'DELETE', `${FUNCTION}/event-sources/{sourceArn}`],
  ['ClaimGPUInstance', 'POST', '/gpuInstances'],
  ['ReleaseGPUInstance', 'DELETE', '/gpuInstances/{instanceId}'],
  ['DescribeRegions', 'GET', '/regions'],
]);

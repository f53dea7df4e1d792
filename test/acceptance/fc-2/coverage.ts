/**
 * What the tests of 2.0 cover: operations with the errors that each can answer with, and what of the official SDK's models
 * is not built. Each version's tests end with one that holds this list against what really went over the wire.
 */
import { type Claim, claimsOfOperation } from '../../support/claims.ts';
import { requestHeaders, requestMembers, responseMembers } from './sdk-members.ts';

export interface Row {
  /** Wire codes that the operation can answer with, beside those of every operation. */
  readonly errors: readonly string[];
  /** Response headers that are its own. */
  readonly headers?: readonly string[];
  /** Members of the SDK's models that are not built, with the reason why they cannot be covered. */
  readonly gaps?: Readonly<Record<string, string>>;
}

const IGNORED = 'belongs to invocations, and is ignored here';
const READ_HEADERS = { 'X-Fc-Code-Checksum': IGNORED, 'X-Fc-Log-Type': IGNORED, 'X-Fc-Invocation-Type': IGNORED };

const NO_SERVICE = ['InvalidArgument', 'ServiceNotFound'];
const NO_FUNCTION = ['FunctionNotFound', 'ServiceNotFound'];
const NO_QUALIFIED = ['AliasNotFound', 'FunctionNotFound', 'ServiceNotFound', 'VersionNotFound'];

const ROUTING = 'versions are chosen by weight, not by what is sent';
const ALIAS_REQUEST_GAPS = { 'routePolicy.condition': ROUTING, 'routePolicy.policyItems': ROUTING };
const ALIAS_GAPS = { ...ALIAS_REQUEST_GAPS, routePolicy: ROUTING };

const NO_STORAGE = 'there is no object storage; refused';
const CODE_GAPS = { 'code.ossBucketName': NO_STORAGE, 'code.ossObjectName': NO_STORAGE };

const NO_SCHEDULE = 'targets change by request alone; a rule that would change them is refused';
const NO_SCHEDULES = { scheduledActions: NO_SCHEDULE, targetTrackingPolicies: NO_SCHEDULE };

const INVOCATION_HEADERS = [
  'x-fc-code-checksum',
  'x-fc-error-type',
  'x-fc-instance-id',
  'x-fc-invocation-duration',
  'x-fc-invocation-service-version',
  'x-fc-log-result',
  'x-fc-max-memory-usage',
  'x-fc-stateful-async-invocation-id',
];

const TAGGED = ['etag'];

export const BUILT: Readonly<Record<string, Row>> = {
  CreateService: { errors: ['InvalidArgument', 'ServiceAlreadyExists'], headers: TAGGED },
  GetService: { errors: ['AliasNotFound', 'ServiceNotFound', 'VersionNotFound'], headers: TAGGED },
  UpdateService: { errors: [...NO_SERVICE, 'PreconditionFailed'], headers: TAGGED },
  DeleteService: { errors: ['PreconditionFailed', 'ServiceNotEmpty', 'ServiceNotFound'] },
  ListServices: { errors: ['InvalidArgument'] },

  PublishServiceVersion: { errors: [...NO_SERVICE, 'PreconditionFailed'], headers: TAGGED },
  ListServiceVersions: { errors: NO_SERVICE },
  DeleteServiceVersion: { errors: ['ServiceNotFound', 'VersionInUse', 'VersionNotFound'] },

  CreateAlias: {
    errors: [...NO_SERVICE, 'AdditionalVersionContainsMajorVersion', 'AliasAlreadyExists', 'VersionNotFound'],
    headers: TAGGED,
    gaps: ALIAS_GAPS,
  },
  GetAlias: { errors: ['AliasNotFound', 'ServiceNotFound'], headers: TAGGED, gaps: ALIAS_GAPS },
  UpdateAlias: {
    errors: [
      ...NO_SERVICE,
      'AdditionalVersionContainsMajorVersion',
      'AliasNotFound',
      'PreconditionFailed',
      'VersionNotFound',
    ],
    headers: TAGGED,
    gaps: ALIAS_GAPS,
  },
  DeleteAlias: { errors: ['AliasNotFound', 'PreconditionFailed', 'ServiceNotFound'] },
  ListAliases: { errors: NO_SERVICE, gaps: { 'aliases[].routePolicy': ROUTING } },

  CreateFunction: {
    errors: ['FunctionAlreadyExists', 'InvalidArgument', 'ServiceNotFound'],
    headers: TAGGED,
    gaps: CODE_GAPS,
  },
  GetFunction: { errors: NO_QUALIFIED, headers: TAGGED },
  UpdateFunction: {
    errors: [...NO_FUNCTION, 'InvalidArgument', 'PreconditionFailed'],
    headers: TAGGED,
    gaps: CODE_GAPS,
  },
  DeleteFunction: { errors: [...NO_FUNCTION, 'FunctionNotEmpty', 'PreconditionFailed'] },
  ListFunctions: { errors: [...NO_SERVICE, 'VersionNotFound'] },
  GetFunctionCode: { errors: NO_QUALIFIED },

  InvokeFunction: {
    errors: [...NO_QUALIFIED, 'EntityTooLarge', 'InvalidArgument', 'StatefulAsyncInvocationAlreadyExists'],
    headers: INVOCATION_HEADERS,
  },
  PutFunctionAsyncInvokeConfig: { errors: [...NO_QUALIFIED, 'InvalidArgument'] },
  GetFunctionAsyncInvokeConfig: { errors: [...NO_FUNCTION, 'AsyncConfigNotExists'] },
  DeleteFunctionAsyncInvokeConfig: { errors: NO_FUNCTION },
  ListFunctionAsyncInvokeConfigs: { errors: [...NO_FUNCTION, 'InvalidArgument'], gaps: READ_HEADERS },
  ListStatefulAsyncInvocationFunctions: { errors: ['InvalidArgument'] },

  GetStatefulAsyncInvocation: { errors: ['StatefulAsyncInvocationNotFound'], gaps: READ_HEADERS },
  ListStatefulAsyncInvocations: { errors: [...NO_FUNCTION, 'InvalidArgument'], gaps: READ_HEADERS },
  StopStatefulAsyncInvocation: {
    errors: ['StatefulAsyncInvocationAlreadyCompleted', 'StatefulAsyncInvocationNotFound'],
  },

  PutFunctionOnDemandConfig: { errors: [...NO_FUNCTION, 'InvalidArgument', 'PreconditionFailed'], headers: TAGGED },
  GetFunctionOnDemandConfig: { errors: [...NO_FUNCTION, 'OnDemandConfigNotFound'], headers: TAGGED },
  DeleteFunctionOnDemandConfig: { errors: [...NO_FUNCTION, 'PreconditionFailed'] },
  ListOnDemandConfigs: { errors: ['InvalidArgument'] },

  ListInstances: { errors: NO_FUNCTION },

  PutProvisionConfig: { errors: [...NO_QUALIFIED, 'InvalidArgument'], gaps: NO_SCHEDULES },
  GetProvisionConfig: { errors: NO_QUALIFIED, gaps: NO_SCHEDULES },
  ListProvisionConfigs: {
    errors: ['InvalidArgument'],
    gaps: {
      'provisionConfigs[].scheduledActions': NO_SCHEDULE,
      'provisionConfigs[].targetTrackingPolicies': NO_SCHEDULE,
    },
  },

  CreateLayerVersion: { errors: ['InvalidArgument'] },
  GetLayerVersion: { errors: ['InvalidArgument', 'LayerNotFound', 'LayerVersionNotFound'] },
  ListLayerVersions: { errors: ['InvalidArgument', 'LayerNotFound'] },
  ListLayers: { errors: ['InvalidArgument'] },
  DeleteLayerVersion: { errors: ['LayerNotFound', 'LayerVersionNotFound'] },
  PutLayerACL: { errors: ['LayerNotFound'] },
  CreateTrigger: { errors: [...NO_QUALIFIED, 'InvalidArgument', 'TriggerAlreadyExists'], headers: TAGGED },
  GetTrigger: { errors: [...NO_FUNCTION, 'TriggerNotFound'], headers: TAGGED },
  UpdateTrigger: {
    errors: [...NO_FUNCTION, 'InvalidArgument', 'PreconditionFailed', 'TriggerNotFound'],
    headers: TAGGED,
  },
  DeleteTrigger: { errors: [...NO_FUNCTION, 'PreconditionFailed', 'TriggerNotFound'] },
  ListTriggers: { errors: [...NO_FUNCTION, 'InvalidArgument'] },

  TagResource: { errors: NO_SERVICE },
  UntagResource: { errors: NO_SERVICE },
  GetResourceTags: { errors: NO_SERVICE },
  ListTaggedResources: { errors: ['InvalidArgument'] },
};

/** Operations of the SDK that answer `OperationNotSupported`. */
export const NOT_BUILT: readonly string[] = [
  ...['CreateCustomDomain', 'DeleteCustomDomain', 'GetCustomDomain', 'ListCustomDomains', 'UpdateCustomDomain'],
  'ListReservedCapacities',
  ...['CreateVpcBinding', 'DeleteVpcBinding', 'ListVpcBindings', 'GetAccountSettings'],
  ...['RegisterEventSource', 'ListEventSources', 'DeregisterEventSource', 'ClaimGPUInstance', 'ReleaseGPUInstance'],
];

/** Everything that the list says was sent or seen. */
export function claimsOf(operation: string, { errors, headers = [], gaps = {} }: Row): readonly Claim[] {
  const request = [...requestMembers(operation), ...requestHeaders(operation)];
  const response = [...responseMembers(operation), ...headers];
  return claimsOfOperation({ operation, request, response, errors, gaps });
}

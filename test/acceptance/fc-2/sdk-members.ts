/** What 2.0 consists of: operations, and members of requests and answers, by the models of 2021-04-06. */
import { SdkModels } from '../../support/sdk-models.ts';

const models = new SdkModels('@alicloud/fc-open20210406', [
  ...['customContainerConfig', 'customDNS', 'customRuntimeConfig', 'customHealthCheckConfig', 'logConfig', 'nasConfig'],
  ...['ossMountConfig', 'tracingConfig', 'vpcConfig'],
]);

export const sdkOperations = (): readonly string[] => models.operations();

/** Query parameters and members of the body, by their names on the wire and their place in it. */
export function requestMembers(operation: string): readonly string[] {
  const request = models.find(`${operation}Request`);
  return request === undefined ? [] : models.pathsOf(request);
}

export const requestHeaders = (operation: string): readonly string[] => models.requestHeaders(operation);

export const responseMembers = (operation: string): readonly string[] => models.responseMembers(operation);

/**
 * The members of a 3.0 function that have no effect here: they describe one cloud's network, storage and billing.
 */
import { cloudMembers, logMembers, mountDir } from '../shared/cloud-members.ts';
import type { Fields } from '../shared/fields.ts';
import {
  ANY_INT32,
  cpu,
  diskSize,
  flag,
  integer,
  object,
  objects,
  type Reader,
  readMembers,
  text,
  textMap,
  texts,
} from '../shared/kept-members.ts';

const PORT = integer({ min: 1, max: 65_535 });

const healthCheckConfig = object({
  failureThreshold: integer({ min: 1, max: 120 }),
  httpGetUrl: text({ lengthMax: 2048 }),
  initialDelaySeconds: integer({ min: 0, max: 120 }),
  periodSeconds: integer({ min: 1, max: 120 }),
  successThreshold: integer({ min: 1, max: 120 }),
  timeoutSeconds: integer({ min: 1, max: 3 }),
});

const registryConfig = object({
  authConfig: object({ userName: text(), password: text() }),
  certConfig: object({ insecure: flag, rootCaCertBase64: text() }),
  networkConfig: object({ securityGroupId: text(), vSwitchId: text(), vpcId: text() }),
});

const PASSIVE: Readonly<Record<string, Reader>> = {
  ...cloudMembers,
  cpu,
  diskSize,
  customContainerConfig: object({
    accelerationInfo: object({ status: text() }),
    accelerationType: text(),
    acrInstanceId: text(),
    command: texts,
    entrypoint: texts,
    healthCheckConfig,
    image: text(),
    port: PORT,
    registryConfig,
    resolvedImageUri: text(),
  }),
  customDNS: object({
    dnsOptions: objects({ name: text({ lengthMax: 256 }), value: text({ lengthMax: 256 }) }),
    nameServers: texts,
    searches: texts,
  }),
  customRuntimeConfig: object({ args: texts, command: texts, healthCheckConfig, port: PORT }),
  disableInjectCredentials: text(),
  disableOndemand: flag,
  enableLongLiving: flag,
  gpuConfig: object({ gpuMemorySize: integer({ min: 0, max: 1_048_576 }), gpuType: text({ lengthMax: 128 }) }),
  idleTimeout: integer({ min: 0, max: 2_147_483_647 }),
  instanceIsolationMode: text(),
  juiceFsConfig: object({
    envs: textMap,
    mountPoints: objects({ args: texts, mountDir, remoteDir: text(), token: text(), volumeName: text() }),
  }),
  logConfig: object({ ...logMembers, enableLlmMetrics: flag }),
  polarFsConfig: object({
    groupId: integer(ANY_INT32),
    mountPoints: objects({ instanceId: text(), mountDir, readOnly: flag, remoteDir: text() }),
    userId: integer(ANY_INT32),
  }),
  resourceGroupId: text(),
  sessionAffinity: text(),
  sessionAffinityConfig: text(),
};

/** The given ones by their documented names. */
export function decodePassive(fields: Fields): Readonly<Record<string, unknown>> {
  return readMembers(fields, PASSIVE);
}

/** With the documented defaults of those that have one. */
export function encodePassive(passive: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { diskSize: 512, internetAccess: true, ...passive };
}

/** Members that a function of 3.0 and a service of 2.0 share: they describe one cloud's network, storage and rights, and have no effect here. */
import { ANY_INT32, flag, integer, object, objects, type Reader, text, textMap, texts } from './kept-members.ts';

export const mountDir = text({ lengthMax: 64 });

export const logMembers: Readonly<Record<string, Reader>> = {
  enableInstanceMetrics: flag,
  enableRequestMetrics: flag,
  logBeginRule: text(),
  logstore: text({ lengthMax: 63 }),
  project: text({ lengthMax: 63 }),
};

export const cloudMembers: Readonly<Record<string, Reader>> = {
  internetAccess: flag,
  nasConfig: object({
    groupId: integer(ANY_INT32),
    mountPoints: objects({ enableTLS: flag, mountDir, serverAddr: text({ lengthMax: 128 }) }),
    userId: integer(ANY_INT32),
  }),
  ossMountConfig: object({
    mountPoints: objects({
      bucketName: text({ lengthMin: 3, lengthMax: 64 }),
      bucketPath: text({ lengthMax: 128 }),
      endpoint: text({ lengthMax: 128 }),
      mountDir: text({ lengthMin: 2, lengthMax: 64 }),
      readOnly: flag,
    }),
  }),
  role: text({ lengthMax: 300 }),
  tracingConfig: object({ params: textMap, type: text() }),
  vpcConfig: object({
    role: text(),
    securityGroupId: text({ lengthMax: 50 }),
    vSwitchIds: texts,
    vpcId: text({ lengthMax: 50 }),
  }),
};

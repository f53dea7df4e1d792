/** What runtimes that start processes have in common. */
import type { Clock } from '../core/clock.ts';
import type { UsedLayer } from '../core/resources.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Credentials } from './framing/protocol.ts';
import type { Isolation } from './isolation/isolation.ts';
import type { LogSink } from './log/instance-log.ts';

export interface RuntimeParts {
  /** Gives the read-only folder of an extracted package. */
  readonly ensureCode: (sha256: string) => Promise<string>;
  /** Gives the read-only folder of what layers hold together; undefined without any. */
  readonly ensureLayers: (layers: readonly UsedLayer[]) => Promise<string | undefined>;
  readonly dataFolderId: string;
  readonly isolation: Isolation;
  /** Whether each instance has a network of its own, with nothing but its loopback. */
  readonly ownNetwork: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onLog: LogSink;
  /** What functions are given to call other services with; undefined gives each instance a made-up set. */
  readonly credentials: Credentials | undefined;
}

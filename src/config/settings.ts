/**
 * Every setting. The flag, the environment variable and the line of the config file follow from the name:
 * `dataDir` is `--data-dir`, `MEANWHILE_DATA_DIR` and `"dataDir"`.
 */
import { totalmem } from 'node:os';
import { ASYNC_PAYLOAD_BYTES_DEFAULT, DELAY_SECONDS_DEFAULT_MAX, MIB, SYNC_PAYLOAD_BYTES_MAX } from '../core/limits.ts';
import {
  type Config,
  FUNCTION_LOGS,
  FUNCTION_NETWORKS,
  ISOLATIONS,
  LOG_LEVELS,
  SIGNATURES,
  type SettingName,
} from './config.ts';
import { integer, listenAddress, matching, oneOf, path, privateTargets, type Setting, storeChoice } from './setting.ts';

const MEMORY_BYTES_AN_INSTANCE = 256 * MIB;
const INSTANCES_DEFAULT_MIN = 8;
const INSTANCES_DEFAULT_MAX = 100;

export const SETTINGS: { readonly [Name in SettingName]: Setting<NonNullable<Config[Name]>> } = {
  listen: {
    kind: listenAddress,
    defaultText: '127.0.0.1:8383',
    doc: 'Where the server takes requests. Port 0 takes any free port. An address that other machines can reach needs `accessKeyId` and `accessKeySecret`.',
  },
  dataDir: {
    kind: path,
    defaultText: './data',
    doc: 'The folder that holds everything: the database, the code of functions, the first key pair. With PostgreSQL: what this server can make anew, and the first key pair. It is made when it is missing. One server at a time may use it.',
  },
  store: {
    kind: storeChoice,
    defaultText: 'sqlite',
    secret: true,
    doc: 'The engine that keeps the state. `postgres://user@host:port/database` is a PostgreSQL database (14 or later), which several servers may use at once; parameters: `schema` (default `meanwhile`), `sslmode`, `sslrootcert`, `sslcert`, `sslkey`; several hosts, separated by commas, are tried in turn. `sqlite` is a database file in the data folder.',
  },
  storePasswordFile: {
    kind: path,
    defaultText: null,
    doc: 'A file that holds the password of the PostgreSQL database, read again for each connection. It keeps the password out of the address, and so out of the environment.',
  },
  storeConnectionsMax: {
    kind: integer({ min: 4, max: 1_000 }),
    unit: 'connections',
    defaultText: '10',
    doc: 'How many connections to the PostgreSQL database this server opens for its calls, at most. It has one more for signals.',
  },
  accessKeyId: {
    kind: matching(/^[A-Za-z0-9._-]{1,128}$/, '1 to 128 letters, digits, `.`, `_` or `-`'),
    defaultText: null,
    doc: "The id of the operator's key pair, given together with `accessKeySecret`. Without both, a pair is made at the first start and kept in `credentials.json` in the data folder.",
  },
  accessKeySecret: {
    kind: matching(/^[!-~]{1,256}$/, '1 to 256 printable characters without spaces'),
    defaultText: null,
    secret: true,
    doc: "The secret of the operator's key pair. Prefer the environment or the config file: a flag shows in the list of processes.",
  },
  signatures: {
    kind: oneOf(SIGNATURES),
    defaultText: 'all',
    doc: 'Which signature schemes requests may use. `all` takes ACS3-HMAC-SHA256 and the FC scheme of the 2016 SDKs, which covers neither the query nor every body; `acs3` takes ACS3-HMAC-SHA256 alone.',
  },
  accountId: {
    kind: matching(/^\d{1,32}$/, '1 to 32 digits'),
    defaultText: '1000000000000000',
    doc: "The account that the operator's key pair belongs to, as it shows in resource names.",
  },
  region: {
    kind: matching(/^[a-z][a-z0-9-]{0,63}$/, 'lower-case letters, digits and `-`, a letter first, at most 64'),
    defaultText: 'local',
    doc: 'The region in resource names, and what functions are told.',
  },
  triggerBaseUrl: {
    kind: matching(
      /^https?:\/\/(?=.{1,180}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/,
      'a URL of a host name in small letters without a path, as `https://fc.example.com`',
    ),
    defaultText: null,
    doc: "Where HTTP triggers are reached from outside: each has a host name of its own below this one's (`https://hello-abcdefghij.fc.example.com`), so that a wildcard DNS record, and a certificate, for `*.fc.example.com` must lead here. Without it triggers show URLs below `localhost`, or with a path.",
  },
  asyncPayloadBytesMax: {
    kind: integer({ min: 1, max: SYNC_PAYLOAD_BYTES_MAX }),
    unit: 'bytes',
    defaultText: String(ASYNC_PAYLOAD_BYTES_DEFAULT),
    doc: 'The largest payload of an asynchronous invocation. The default is the limit of Function Compute.',
  },
  delaySecondsMax: {
    kind: integer({ min: 0, max: 2_592_000 }),
    unit: 'seconds',
    defaultText: String(DELAY_SECONDS_DEFAULT_MAX),
    doc: 'The longest delay that a caller may ask for. The default is the limit of Function Compute. 0 refuses every delay.',
  },
  retentionDays: {
    kind: integer({ min: 1, max: 3_650 }),
    unit: 'days',
    defaultText: '7',
    doc: 'How long the record of a task is kept after its end.',
  },
  instancesMax: {
    kind: integer({ min: 1, max: 10_000 }),
    unit: 'instances',
    defaultText: String(defaultInstancesMax(availableMemoryBytes())),
    defaultNote: `memory / 256 MiB, ${INSTANCES_DEFAULT_MIN} to ${INSTANCES_DEFAULT_MAX}`,
    doc: 'How many function instances may live at once, over all functions. Each is a process.',
  },
  instanceIdleSeconds: {
    kind: integer({ min: 0, max: 86_400 }),
    unit: 'seconds',
    defaultText: '60',
    doc: 'How long an idle instance is kept warm. 0 ends it as soon as it is idle.',
  },
  isolation: {
    kind: oneOf(ISOLATIONS),
    defaultText: 'auto',
    doc: 'What stands between functions and the machine: [isolation.md](isolation.md). `auto`: the best that the machine gives; the log and `/healthz` say which. `require`: bubblewrap, or the server does not start. `process`: what every machine has.',
  },
  functionNetwork: {
    kind: oneOf(FUNCTION_NETWORKS),
    defaultText: 'shared',
    doc: 'What network functions have. `shared`: that of the machine, and a port each for `custom` runtimes, which `FC_SERVER_PORT` names. `private`: one of their own, so that code which insists on a port runs many times at once; it reaches nothing outside. `private` needs bubblewrap.',
  },
  privateTargets: {
    kind: privateTargets,
    defaultText: null,
    doc: 'Which addresses that are not public the server may connect to for its callers, as for functions of the `http` runtime: ranges, addresses and host names, separated by commas, as in `10.0.0.0/8,127.0.0.1,billing.internal`. A name covers whatever it resolves to. By default none: loopback, private and link-local addresses and the metadata of clouds are refused.',
  },
  backlogMax: {
    kind: integer({ min: 1, max: 1_000_000_000 }),
    unit: 'tasks',
    defaultText: '10000000',
    doc: 'How many tasks may wait, over all functions, before new ones are refused with 429.',
  },
  leaseSeconds: {
    kind: integer({ min: 5, max: 3_600 }),
    unit: 'seconds',
    defaultText: '30',
    doc: 'How long a server that gives no sign of life keeps the tasks that it holds.',
  },
  stopGraceSeconds: {
    kind: integer({ min: 0, max: 3_600 }),
    unit: 'seconds',
    defaultText: '30',
    doc: 'How long running attempts may go on after SIGTERM. What has not ended by then runs again after the next start. 0 ends them at once.',
  },
  hangSeconds: {
    kind: integer({ min: 0, max: 3_600 }),
    unit: 'seconds',
    defaultText: '60',
    doc: 'How long the server may stand still (its event loop does not turn, or its store does not answer) before it ends itself, to be started anew by whatever supervises it. 0 never.',
  },
  logLevel: {
    kind: oneOf(LOG_LEVELS),
    defaultText: 'info',
    doc: "The least level that the server's log shows, on standard error. `silent` shows nothing.",
  },
  functionLogs: {
    kind: oneOf(FUNCTION_LOGS),
    defaultText: 'log',
    doc: "What becomes of what functions print: `log` puts it into the server's log, with the marks around each execution at level `debug`; `none` drops it, but for the tail that a caller asks for.",
  },
};

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** `dataDir` → `data-dir` */
export function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `dataDir` → `MEANWHILE_DATA_DIR` */
export function environmentNameOf(name: string): string {
  return `MEANWHILE_${flagOf(name).replaceAll('-', '_').toUpperCase()}`;
}

/** So many instances that a machine of this size carries them when each takes what a small function takes. */
export function defaultInstancesMax(memoryBytes: number): number {
  const fitting = Math.floor(memoryBytes / MEMORY_BYTES_AN_INSTANCE);
  return Math.min(INSTANCES_DEFAULT_MAX, Math.max(INSTANCES_DEFAULT_MIN, fitting));
}

/** What a container is given may be less than what the machine has; without a limit Node says 0, or more than there is. */
function availableMemoryBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** Variables of the environment that look like settings and are none: most likely a setting that was misspelt. */
import { CONFIG_VARIABLE, type ConfigSources } from './load-config.ts';
import { environmentNameOf, SETTING_NAMES } from './settings.ts';

export interface UnknownVariable {
  readonly name: string;
  /** The one that was meant, as far as letters tell; undefined when none is near. */
  readonly nearest: string | undefined;
}

const PREFIX = 'MEANWHILE_';

const SETTING_VARIABLES: readonly string[] = [...SETTING_NAMES.map((name) => environmentNameOf(name)), CONFIG_VARIABLE];

/**
 * What others read: the commands that talk to a server, the project's own tests, and functions. A server that is started
 * from a function, or from a shell for the commands, has them too.
 */
const OF_OTHERS = /^MEANWHILE_(URL|TEST_.+|FAULT_SEED|INSTANCE|DATA_FOLDER_ID|LAYERS_PATH|SIGNING_SECRET)$/;

/** Kubernetes gives every container the address of each service, and so of one that is named `meanwhile`. */
const OF_KUBERNETES = /_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\d+_(TCP|UDP|SCTP)(_.+)?)$/;
const ADDRESS_OF_KUBERNETES = /^(tcp|udp|sctp):\/\//;

/** One letter of so many may differ: a name that has less in common with a setting is no misspelling of it. */
const LETTERS_A_SLIP = 2;

/** In the order of the environment. An empty one counts as not set, as for the settings. */
export function unknownVariables(env: ConfigSources['env']): readonly UnknownVariable[] {
  return Object.entries(env)
    .filter(([name, value]) => name.startsWith(PREFIX) && isStray(name, value ?? ''))
    .map(([name]) => ({ name, nearest: nearestTo(name) }));
}

function isStray(name: string, value: string): boolean {
  if (value === '' || SETTING_VARIABLES.includes(name) || OF_OTHERS.test(name)) return false;
  return !OF_KUBERNETES.test(name) && !(name.endsWith('_PORT') && ADDRESS_OF_KUBERNETES.test(value));
}

function nearestTo(name: string): string | undefined {
  const given = name.slice(PREFIX.length);
  const slipsMax = Math.max(1, Math.floor(given.length / LETTERS_A_SLIP));
  const [best] = SETTING_VARIABLES.map((variable) => ({
    variable,
    slips: slipsBetween(given, variable.slice(PREFIX.length)),
  })).toSorted((a, b) => a.slips - b.slips);
  return best !== undefined && best.slips <= slipsMax ? best.variable : undefined;
}

/** How many letters must be put in, taken out or changed to make one word of the other. */
function slipsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(one).entries()) {
    const next = [index + 1];
    for (const [column, otherLetter] of Array.from(other).entries()) {
      const changed = (row[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

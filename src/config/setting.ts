/** What a setting is made of, and the kinds of values: each reads one text and says what it would have accepted. */
import { resolve } from 'node:path';
import { parsePrivateTargets, type PrivateTargets } from '../core/reachable-targets.ts';
import type { ListenAddress, StoreChoice } from './config.ts';

export interface Setting<Value> {
  readonly kind: Kind<Value>;
  /** What the number counts; absent where there is nothing to count. */
  readonly unit?: string;
  /** Text as a user would write it, read like any other; null means that nothing is set. */
  readonly defaultText: string | null;
  /** For the documentation, where the default differs from machine to machine. */
  readonly defaultNote?: string;
  /** Never shown, not even in a message about it. */
  readonly secret?: boolean;
  /** What it does, in sentences; special values last. */
  readonly doc: string;
}

export interface Kind<Value> {
  /** What is accepted, to go after "must be". */
  readonly accepts: string;
  /** Undefined when the text is not acceptable. */
  read(text: string): Value | undefined;
}

export function integer({ min, max }: { readonly min: number; readonly max: number }): Kind<number> {
  return {
    accepts: `a whole number from ${withSeparators(min)} to ${withSeparators(max)}`,
    read(text) {
      if (!/^\d{1,15}$/.test(text)) return undefined;
      const value = Number(text);
      return value >= min && value <= max ? value : undefined;
    },
  };
}

export function oneOf<const Choice extends string>(choices: readonly Choice[]): Kind<Choice> {
  return {
    accepts: choices.map((choice) => `\`${choice}\``).join(', '),
    read: (text) => choices.find((choice) => choice === text),
  };
}

export function matching(pattern: RegExp, accepts: string): Kind<string> {
  return { accepts, read: (text) => (pattern.test(text) ? text : undefined) };
}

/** Relative paths are meant from the working directory. The empty one is a variable that was not set, never that directory. */
export const path: Kind<string> = {
  accepts: 'a path',
  read: (text) => (text === '' || text.includes('\0') ? undefined : resolve(text)),
};

export const storeChoice: Kind<StoreChoice> = {
  accepts: '`sqlite`, or the address of a PostgreSQL database, `postgres://user@host:port/database`',
  read(text) {
    if (text === 'sqlite') return { engine: 'sqlite' };
    return /^postgres(ql)?:\/\/\S+$/.test(text) ? { engine: 'postgres', url: text } : undefined;
  },
};

const PORT_MAX = 65_535;

export const listenAddress: Kind<ListenAddress> = {
  accepts: '`host:port`, with an IPv6 address in brackets',
  read(text) {
    const match = /^(?:\[([0-9A-Fa-f:.%]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text);
    const host = match?.[1] ?? match?.[2];
    const port = Number(match?.[3]);
    return host === undefined || port > PORT_MAX ? undefined : { host, port };
  },
};

export const privateTargets: Kind<PrivateTargets> = {
  accepts: 'ranges (`10.0.0.0/8`), addresses and host names, separated by commas',
  read: parsePrivateTargets,
};

/** Whether only this machine can reach an address. A name other than `localhost` may resolve to anything. */
export function isLoopback({ host }: ListenAddress): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

function withSeparators(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

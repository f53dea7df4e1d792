/** What every command is: its words for the help, its options, and what it does. */
import type { Terminal } from './terminal.ts';

export interface Command {
  /** As typed, with its parent: `keys create`. */
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** What follows the name: `<access key id>`; empty when nothing does. */
  readonly argument: string;
  readonly options: readonly Option[];
  /** More that one should know, as whole paragraphs. */
  readonly notes?: readonly string[];
  readonly examples: readonly string[];
  /** Gives the exit code. Rejects with a `UsageError` (exit code 2) or a `CommandError` (1). */
  run(input: CommandInput, terminal: Terminal): Promise<number>;
}

export interface Option {
  /** Without dashes. */
  readonly name: string;
  /** What its value is, for the help: `URL`; absent for a switch. */
  readonly value?: string;
  readonly doc: string;
}

export interface CommandInput {
  readonly argument: string | undefined;
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly switches: ReadonlySet<string>;
}

export const EXIT_OK = 0;
/** It was tried and failed. */
export const EXIT_FAILED = 1;
/** It was not tried: the command line or the settings are wrong. */
export const EXIT_USAGE = 2;

/** The command line is wrong; the message says how to do it right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** It did not work; the message says what to do about it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export const JSON_OPTION: Option = { name: 'json', doc: 'Print JSON, for programs.' };

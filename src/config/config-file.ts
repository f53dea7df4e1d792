/** The config file: one JSON object whose members are settings. */
import { readFileSync } from 'node:fs';
import { type GivenValue, hiddenWhenSecret } from './given-value.ts';
import type { SettingName } from './config.ts';
import { SETTING_NAMES } from './settings.ts';

export interface ConfigFile {
  readonly values: ReadonlyMap<SettingName, GivenValue>;
  /** Sentences; empty when the whole file is understood. */
  readonly problems: readonly string[];
}

export function readConfigFile(path: string): ConfigFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return broken(`cannot read the config file ${path}: ${messageOf(error)}`);
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    // The parser quotes a piece of the text, which may be the secret.
    const place = /(?:at position \d+|\(line \d+ column \d+\))/.exec(messageOf(error))?.[0] ?? '';
    return broken(`the config file ${path} is not valid JSON ${place}`.trimEnd());
  }
  return typeof document === 'object' && document !== null && !Array.isArray(document)
    ? readMembers(path, document)
    : broken(`the config file ${path} must hold one JSON object`);
}

function readMembers(path: string, document: object): ConfigFile {
  const values = new Map<SettingName, GivenValue>();
  const problems: string[] = [];
  for (const [member, value] of Object.entries(document)) {
    const name = SETTING_NAMES.find((candidate) => candidate === member);
    const origin = `"${member}" in ${path}`;
    if (name === undefined) {
      problems.push(`${origin} is no setting; the settings are ${SETTING_NAMES.join(', ')}`);
    } else if (typeof value === 'string' || typeof value === 'number') {
      values.set(name, { text: String(value), origin });
    } else {
      problems.push(`${origin} must be a text or a number, not ${hiddenWhenSecret(name, JSON.stringify(value))}`);
    }
  }
  return { values, problems };
}

function broken(problem: string): ConfigFile {
  return { values: new Map(), problems: [problem] };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A value as somebody wrote it, and where. */
import type { SettingName } from './config.ts';
import { SETTINGS } from './settings.ts';

export interface GivenValue {
  readonly text: string;
  /** Names the place so that it can be found: `--listen`, `MEANWHILE_LISTEN`, `"listen" in /etc/meanwhile.json`. */
  readonly origin: string;
}

/** The value for a message. */
export function hiddenWhenSecret(name: SettingName, text: string): string {
  return SETTINGS[name].secret === true ? '(hidden)' : text;
}

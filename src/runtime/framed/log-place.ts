/** Where a function believes its logs go; nothing is sent there. */

/** @param logConfig the setting of that name, as the caller gave it; empty texts where it says nothing */
export function logPlace(logConfig: unknown): { readonly logProject: string; readonly logStore: string } {
  const { project, logstore } = (logConfig ?? {}) as { readonly project?: unknown; readonly logstore?: unknown };
  return {
    logProject: typeof project === 'string' ? project : '',
    logStore: typeof logstore === 'string' ? logstore : '',
  };
}

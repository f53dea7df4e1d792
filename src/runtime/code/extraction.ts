/** Runs the extraction process on a zip, within its limits. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { CodePackage } from '../../core/resources.ts';
import type { Launcher } from '../process/parent-death.ts';
import { SYNCS_MAX } from './pending-syncs.ts';

/** What is known of a package once it is unpacked, or a sentence for the caller. */
export type ExtractionReport = { readonly package: CodePackage } | { readonly problem: string };

const SCRIPT = join(import.meta.dirname, 'bootstrap-extract.ts');
/** The zip itself lies outside of the heap. */
const HEAP_MB = 96;
const TIMEOUT_MS = 60_000;
const TOO_HARD: ExtractionReport = {
  problem: `The code package could not be unpacked within ${TIMEOUT_MS / 1000} seconds and ${HEAP_MB} MB of memory.`,
};

/** @throws Error when the machine failed, not the package: no space, no process */
export function extract(zipFile: string, folder: string, launcher: Launcher): Promise<ExtractionReport> {
  const flags = [`--max-old-space-size=${HEAP_MB}`, '--disable-warning=ExperimentalWarning'];
  const [command, ...args] = launcher.wrap([process.execPath, ...flags, SCRIPT, zipFile, folder], {
    noNewPrivileges: true,
  });
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      { env: { UV_THREADPOOL_SIZE: String(SYNCS_MAX) }, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        if (error === null) resolve(JSON.parse(stdout) as ExtractionReport);
        else if (error.signal === 'SIGKILL' || stderr.includes('out of memory')) resolve(TOO_HARD);
        else reject(new Error(`a code package could not be unpacked: ${stderr.trim().split('\n').at(-1) ?? ''}`));
      },
    );
  });
}

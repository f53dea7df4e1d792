/** The `python3*` runtimes: user code in a process of its own, run by the machine's Python whatever the name says. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { SEARCH_PATH } from '../framed/function-environment.ts';
import { type Language, startFramedInstance } from '../framed/start-framed-instance.ts';
import type { FunctionRuntime } from '../instance.ts';
import type { RuntimeParts } from '../runtime-parts.ts';

const PYTHON_RUNTIMES = ['python3', 'python3.9', 'python3.10', 'python3.12'] as const;

const BOOTSTRAP = join(import.meta.dirname, 'bootstrap.py');
const PROBE_TIMEOUT_MS = 10_000;
const PROBE = 'import sys; print(sys.executable); print("python%d.%d" % sys.version_info[:2])';

/** How long a timed-out process may log its stacks and close what it holds. Measured: 4 ms on an idle machine. */
const TERMINATION_GRACE_MS = 500;
/** What the bootstrap exits with, and says, when the limit is reached. Below 128, where codes stand for signals. */
const EXIT_OUT_OF_MEMORY = 112;

export interface Python {
  readonly executable: string;
  /** As a runtime's name: `python3.11`. */
  readonly version: string;
}

/** The machine's Python 3; undefined when it has none. */
export function findPython(): Promise<Python | undefined> {
  return new Promise((resolve) => {
    const options = { env: { PATH: SEARCH_PATH }, timeout: PROBE_TIMEOUT_MS };
    execFile('python3', ['-I', '-c', PROBE], options, (error, stdout) => {
      const [executable = '', version = ''] = error === null ? stdout.split('\n') : [];
      resolve(executable === '' ? undefined : { executable, version });
    });
  });
}

export function createPythonRuntime(options: RuntimeParts, python: Python): FunctionRuntime {
  const language: Language = {
    // Without byte code: it would be written into the folder of the code, which all instances share.
    command: (_settings, placeOf) => [python.executable, '-B', placeOf(BOOTSTRAP)],
    isOutOfMemory: ({ exitCode }, stderrEnd) => exitCode === EXIT_OUT_OF_MEMORY && stderrEnd.includes('MemoryError'),
    terminationGraceMs: TERMINATION_GRACE_MS,
  };
  const warned = new Set<string>(['python3', python.version]);
  return {
    names: PYTHON_RUNTIMES,
    start(spec, instanceId, signal) {
      const { runtime } = spec.settings;
      if (!warned.has(runtime)) {
        warned.add(runtime);
        options.logger.warn({ runtime, ...python }, 'functions of this runtime run on another Python version');
      }
      return startFramedInstance({ options, language, spec, instanceId, signal });
    },
  };
}

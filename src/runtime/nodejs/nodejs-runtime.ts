/** The `nodejs*` runtimes: user code in a process of its own, run by the server's own Node.js whatever the name says. */
import { join } from 'node:path';
import type { FunctionSettings } from '../../core/resources.ts';
import { type Language, startFramedInstance } from '../framed/start-framed-instance.ts';
import type { FunctionRuntime } from '../instance.ts';
import type { RuntimeParts } from '../runtime-parts.ts';

const NODEJS_RUNTIMES = ['nodejs18', 'nodejs20', 'nodejs22', 'nodejs24'] as const;

const BOOTSTRAP = join(import.meta.dirname, 'bootstrap.cjs');
/** What V8 prints before it aborts. */
const OUT_OF_HEAP = /JavaScript heap out of memory|Reached heap limit|Fatal JavaScript out of memory/;

const nodejs: Language = {
  command: ({ memoryMb }: FunctionSettings, placeOf) => [
    placeOf(process.execPath),
    `--max-old-space-size=${memoryMb}`,
    '--disable-warning=ExperimentalWarning',
    placeOf(BOOTSTRAP),
  ],
  isOutOfMemory: ({ signal }, stderrEnd) => signal !== null && OUT_OF_HEAP.test(stderrEnd),
  terminationGraceMs: 0,
};

export function createNodejsRuntime(options: RuntimeParts): FunctionRuntime {
  const warned = new Set<string>();
  const warnOnce = (runtime: string): void => {
    if (warned.has(runtime) || runtime === `nodejs${process.versions.node.split('.')[0] ?? ''}`) return;
    warned.add(runtime);
    options.logger.warn({ runtime, node: process.version }, 'functions of this runtime run on another Node.js version');
  };
  return {
    names: NODEJS_RUNTIMES,
    start(spec, instanceId, signal) {
      warnOnce(spec.settings.runtime);
      return startFramedInstance({ options, language: nodejs, spec, instanceId, signal });
    },
  };
}

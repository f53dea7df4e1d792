/** The runtimes of programs that the user brings whole: an HTTP server, or what is built with FC's Go library. */
import type { FunctionRuntime } from '../instance.ts';
import type { RuntimeParts } from '../runtime-parts.ts';
import { PortBook } from './port-book.ts';
import { GO } from './start-command.ts';
import { startCustomInstance } from './start-custom-instance.ts';

const CUSTOM_RUNTIMES = ['custom', 'custom.debian10', 'custom.debian11', 'custom.debian12', GO] as const;

export function createCustomRuntime(options: RuntimeParts): FunctionRuntime {
  const ports = new PortBook();
  return {
    names: CUSTOM_RUNTIMES,
    start: (spec, instanceId, signal) => startCustomInstance({ options, ports, spec, instanceId, signal }),
  };
}

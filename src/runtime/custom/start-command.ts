/** The command that starts the program of an instance. Pure. */
import { join } from 'node:path';
import type { FunctionSettings } from '../../core/resources.ts';

/** Where Function Compute puts the code; settings name files by it. */
const CODE_FOLDER = '/code';

/** Programs that know the runtime API alone; the handler names the file. */
export const GO = 'go1';

/** `command` and `args` of `customRuntimeConfig`, joined; else the file `bootstrap` of the package. */
export function startCommand(
  { runtime, handler, passive }: Pick<FunctionSettings, 'runtime' | 'handler' | 'passive'>,
  codeFolder: string,
): readonly [command: string, ...args: string[]] {
  if (runtime === GO) return [join(codeFolder, handler)];
  const { command, args } = (passive['customRuntimeConfig'] ?? {}) as { readonly command?: unknown; args?: unknown };
  const [first, ...rest] = [...texts(command), ...texts(args)].map((word) => placed(word, codeFolder));
  return first === undefined ? [join(codeFolder, 'bootstrap')] : [first, ...rest];
}

/** The port that code expects which does not read it from its environment. */
export function configuredPort({ passive }: Pick<FunctionSettings, 'passive'>): number {
  const { port } = (passive['customRuntimeConfig'] ?? {}) as { readonly port?: unknown };
  return typeof port === 'number' ? port : PORT_DEFAULT;
}

const PORT_DEFAULT = 9000;

function placed(word: string, codeFolder: string): string {
  return word === CODE_FOLDER || word.startsWith(`${CODE_FOLDER}/`)
    ? `${codeFolder}${word.slice(CODE_FOLDER.length)}`
    : word;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
}

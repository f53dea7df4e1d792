/** For the tests of this folder: the server of test/fixtures as a function, and calls of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Execution } from '../../core/outcome.ts';
import type { FunctionSettings } from '../../core/resources.ts';
import { type Bench, type Call, openBench, specOf, type ZipContent, zipOf } from '../runtime.fixture.ts';
import type { InstanceSpec } from '../runtime.ts';

const FIXTURES = join(import.meta.dirname, '../../../test/fixtures/functions/custom');

export interface CustomBench extends Bench {
  /** The server as a function; `files` are beside it in the package. */
  server(settings?: Partial<FunctionSettings>, files?: ZipContent): Promise<InstanceSpec>;
  /** Calls the server to do something of what it can. */
  ask(spec: InstanceSpec, what: object, call?: Call): Promise<Execution>;
}

export async function openCustomBench(options: Parameters<typeof openBench>[0] = {}): Promise<CustomBench> {
  const bench = await openBench(options);
  return {
    ...bench,
    async server(settings = {}, files = {}) {
      const zip = await zipOf({ 'server.js': await readFile(join(FIXTURES, 'server.js')), ...files });
      const admitted = await bench.runtime.admitPackage(zip);
      if ('problem' in admitted) throw new Error(admitted.problem);
      const passive = { customRuntimeConfig: { command: ['node'], args: ['server.js'], port: portOfThisFile() } };
      return specOf({ runtime: 'custom.debian10', code: admitted.package, passive, ...settings });
    },
    ask: (spec, what, call = {}) => bench.run(spec, { ...call, event: JSON.stringify(what) }),
  };
}

/** Test files run at the same time; 9000 itself may be anybody's. */
function portOfThisFile(): number {
  return 20_000 + (process.pid % 10_000);
}

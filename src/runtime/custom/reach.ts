/** The ways by which the program of an instance can be called: its port, or the runtime API that it asks. */
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { FunctionSettings } from '../../core/resources.ts';
import { RuntimeApi } from '../runtime-api/runtime-api.ts';
import type { PortBook } from './port-book.ts';
import { callServer, type ServerAddress, type ServerCall, type ServerCallEnd } from './server-call.ts';
import { configuredPort, GO } from './start-command.ts';

export interface Reach {
  /** What the program is told to listen on; 0 when it has no port. */
  readonly port: number;
  /** Where that port is reached from here. */
  readonly address: ServerAddress | undefined;
  /** Undefined where the program could not reach it: in a network of its own. */
  readonly api: RuntimeApi | undefined;
}

export interface ReachOptions {
  readonly ports: PortBook;
  readonly clock: Clock;
  readonly privateNetwork: boolean;
  readonly tempFolder: string;
}

/** Rejects when the machine has no port to give. */
export async function openReach(
  settings: Pick<FunctionSettings, 'runtime' | 'passive'>,
  { ports, clock, privateNetwork, tempFolder }: ReachOptions,
): Promise<Reach> {
  if (settings.runtime === GO) return { port: 0, address: undefined, api: await RuntimeApi.open(clock) };
  const configured = configuredPort(settings);
  if (privateNetwork) {
    return { port: configured, address: { socketPath: join(tempFolder, 'server.sock') }, api: undefined };
  }
  const port = await ports.take(configured);
  return { port, address: { host: '127.0.0.1', port }, api: await RuntimeApi.open(clock) };
}

/** Calls the program the way that it takes calls. */
export function callProgram({ address, api }: Reach, clock: Clock, call: ServerCall): Promise<ServerCallEnd> {
  if (api !== undefined && (api.wasPolled || address === undefined)) return api.call(call);
  if (address !== undefined) return callServer(address, clock, call);
  return Promise.resolve({ kind: 'broken', reason: 'the program cannot be called' });
}

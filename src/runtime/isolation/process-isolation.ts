/**
 * The tier `process`: what every machine has. A process group that is ended as a whole, limits, no core files, no way to
 * gain rights, and a user for each instance where the server may choose. It sees the machine's files and processes.
 */
import type { Launcher } from '../process/parent-death.ts';
import { dressed } from '../process/shell.ts';
import { enclosureLimits } from './enclosure-limits.ts';
import type { Enclosure, EnclosureRequest, Isolation } from './isolation.ts';
import { type RoomOptions, takeRoom } from './room.ts';

export interface ProcessIsolationOptions extends RoomOptions {
  readonly launcher: Launcher;
  readonly gaps: readonly string[];
  readonly problems: readonly string[];
}

export function createProcessIsolation(options: ProcessIsolationOptions): Isolation {
  const { cgroups, launcher, users, gaps, problems } = options;
  async function enclose({ codeFolder, ...request }: EnclosureRequest): Promise<Enclosure> {
    const { join, ...room } = await takeRoom(options, request);
    const { folder, uid } = room;
    const processLimits = enclosureLimits(request.limits, uid !== undefined);
    const guise = { join, uid, noNewPrivileges: true };
    return {
      ...room,
      tempFolder: folder,
      codeFolder,
      placeOf: (path) => path,
      launch: ({ command }) => ({ command: launcher.wrap(dressed(command, processLimits), guise), cwd: codeFolder }),
      programPid: (rootPid) => rootPid,
      exitOf: (exit) => exit,
    };
  }
  const enclosuresMax = users?.range.count ?? Number.POSITIVE_INFINITY;
  return { tier: 'process', gaps, problems, enclosuresMax, enclose, close: async () => await cgroups?.close() };
}

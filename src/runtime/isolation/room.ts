/** What an instance has of the machine for itself, in whichever tier: a user, a temp folder, a cgroup, and its limits. */
import { join } from 'node:path';
import type { Cgroups } from './cgroup/cgroups.ts';
import type { InstanceCgroup } from './cgroup/instance-cgroup.ts';
import { PROCESSES_MAX } from './enclosure-limits.ts';
import type { FunctionUsers } from './function-users.ts';
import type { InstanceLimits } from './instance-limits.ts';
import type { Enclosure } from './isolation.ts';
import { makeTempFolder, removeTempFolder } from './temp-folder.ts';
import { FILES_PER_MB, type Limit, type LimitWatch } from './watch/limit-watch.ts';

export interface RoomOptions {
  /** Undefined where instances run as the server's own user. */
  readonly users: FunctionUsers | undefined;
  /** Undefined where the machine has none, or none for this server. */
  readonly cgroups: Cgroups | undefined;
  readonly watch: LimitWatch;
  /** Each instance gets a folder in it. */
  readonly tempFolder: string;
  /** Removes what a user left outside of it; undefined where none can, or where nobody could tell. Never rejects. */
  readonly removeLeftFiles?: ((uid: number) => Promise<void>) | undefined;
}

/** The part of an enclosure that no tier makes differently. */
export interface Room extends Pick<Enclosure, 'folder' | 'uid' | 'members' | 'started' | 'exceeded' | 'release'> {
  /** What its first process writes its own id into. */
  readonly join: readonly string[];
}

export interface RoomRequest {
  readonly instanceId: string;
  readonly limits: InstanceLimits;
}

function tooMuch(limit: Limit, { diskMb, memoryMb }: InstanceLimits): string {
  return limit === 'memory'
    ? `its processes hold more than ${memoryMb} MB`
    : `its temp folder holds more than ${diskMb} MB or ${diskMb * FILES_PER_MB} files`;
}

/** Rejects when there is no room; leaves nothing behind then. */
export async function takeRoom(
  { cgroups, removeLeftFiles, tempFolder, users, watch }: RoomOptions,
  { instanceId, limits }: RoomRequest,
): Promise<Room> {
  const uid = users?.take();
  const folder = join(tempFolder, instanceId);
  let cgroup: InstanceCgroup | undefined;
  let exceeded: Limit | undefined;
  let stopWatching: (() => void) | undefined;
  const findExceeded = (): Limit | undefined => {
    exceeded ??= cgroup?.ranOutOfMemory() === true ? 'memory' : undefined;
    return exceeded;
  };
  const release = async (): Promise<void> => {
    stopWatching?.();
    // Who asks later still gets to know.
    findExceeded();
    await cgroup?.remove();
    const removed = await removeTempFolder(folder);
    if (uid !== undefined) await removeLeftFiles?.(uid);
    // Whoever gets the number next must not own what is left.
    if (uid !== undefined && removed) users?.giveBack(uid);
  };
  try {
    await makeTempFolder(folder, uid);
    cgroup = await cgroups?.create(instanceId, limits, PROCESSES_MAX);
  } catch (error) {
    await release();
    throw error;
  }
  return {
    folder,
    uid,
    join: cgroup?.joinFiles ?? [],
    members: () => cgroup?.members() ?? [],
    started: ({ pid, end }, say) => {
      const onExceeded = (limit: Limit): void => {
        exceeded = limit;
        say(`The instance is ended: ${tooMuch(limit, limits)}.`);
        void end();
      };
      stopWatching = watch.watch({ rootPid: pid, folder, limits, onExceeded });
    },
    exceeded: findExceeded,
    release,
  };
}

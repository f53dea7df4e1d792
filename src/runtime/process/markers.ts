/** Environment variables by which the processes of an instance, and all instances of a data folder, are found again. */
import { killMarked } from './kill-tree.ts';

const INSTANCE = 'MEANWHILE_INSTANCE';
const DATA_FOLDER = 'MEANWHILE_DATA_FOLDER_ID';

export function markers(instanceId: string, dataFolderId: string): Record<string, string> {
  return { [INSTANCE]: instanceId, [DATA_FOLDER]: dataFolderId };
}

export function instanceMarker(instanceId: string): string {
  return `${INSTANCE}=${instanceId}`;
}

/**
 * Ends the processes that a former life of the server left behind; true when none is left. To be awaited before any
 * work is queued again, or a task could run twice at once.
 */
export function killLeftovers(dataFolderId: string): Promise<boolean> {
  return killMarked(`${DATA_FOLDER}=${dataFolderId}`);
}

/** Whether this machine lets a test use bubblewrap. */
import { probeLauncher } from '../process/parent-death.ts';
import { machineClock } from '../runtime.fixture.ts';
import { chooseIsolation } from './choose-isolation.ts';

export async function bubblewrapWorks(): Promise<boolean> {
  const [codeFolder, tempFolder] = ['/nowhere', '/nowhere'];
  const options = { choice: 'require', dataFolderId: `probe-${process.pid}`, codeFolder, tempFolder } as const;
  try {
    const isolation = await chooseIsolation({ ...options, launcher: await probeLauncher(), clock: machineClock });
    await isolation.close();
    return true;
  } catch {
    return false;
  }
}

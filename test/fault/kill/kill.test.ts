/** The rig itself: a server that answers before it has committed is seen. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { SeededRandom } from '../../simulation/world/seeded-random.ts';
import { until } from '../../support/until.ts';
import { Life } from '../life.ts';

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'without-commit-preload.ts')).href;
const ACKNOWLEDGED = 30;

it('a server that answers without a commit is found to lose acknowledged tasks', async () => {
  const life = await Life.begin({ random: new SeededRandom(1) });
  const file = join(life.folder, 'without-commit');
  const server = await life.start({ NODE_OPTIONS: `--import=${PRELOAD}`, FAULT_WITHOUT_COMMIT: file });
  await life.deploy(server);
  await writeFile(file, '');
  let killed = false;
  const running = life.load.run(server.host, () => killed);
  const acknowledged = () => life.load.submissions.filter(({ answer }) => answer === 'acknowledged').length;
  await until('tasks are acknowledged', () => acknowledged() >= ACKNOWLEDGED);
  await server.kill();
  killed = true;
  await running;
  const { broken } = await life.end();
  expect(broken.filter((fault) => fault.endsWith('acknowledged and lost')).length).toBeGreaterThanOrEqual(ACKNOWLEDGED);
  await rm(life.folder, { recursive: true });
});

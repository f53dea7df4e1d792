/** `meanwhile version` */
import { readFile } from 'node:fs/promises';
import { type Command, EXIT_OK, JSON_OPTION } from '../command.ts';

export const VERSION_COMMAND: Command = {
  name: 'version',
  summary: 'Show the versions of Meanwhile and of the Node that runs it',
  argument: '',
  options: [JSON_OPTION],
  examples: ['meanwhile version', 'meanwhile version --json'],
  async run({ switches }, terminal) {
    const manifest = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    const node = process.versions.node;
    terminal.print(switches.has('json') ? JSON.stringify({ version, node }) : `meanwhile ${version} (node ${node})`);
    return EXIT_OK;
  },
};

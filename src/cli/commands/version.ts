/** `meanwhile version`, also as `--version` and `-v` */
import { type Command, EXIT_OK, JSON_OPTION } from '../command.ts';
import { productVersion } from '../product-version.ts';

export const VERSION_COMMAND: Command = {
  name: 'version',
  summary: 'Show the versions of Meanwhile and of the Node that runs it',
  argument: '',
  options: [JSON_OPTION],
  examples: ['meanwhile version', 'meanwhile version --json'],
  async run({ switches }, terminal) {
    const version = await productVersion();
    const node = process.versions.node;
    terminal.print(switches.has('json') ? JSON.stringify({ version, node }) : `meanwhile ${version} (node ${node})`);
    return EXIT_OK;
  },
};

/** `meanwhile help [command]` */
import { type Command, EXIT_OK } from '../command.ts';
import { overview } from '../help.ts';

/** @param others what it tells about, itself left out */
export function helpCommand(others: readonly Command[]): Command {
  return {
    name: 'help',
    summary: 'Show what there is',
    argument: '',
    options: [],
    examples: ['meanwhile help', 'meanwhile serve --help'],
    async run(_input, terminal) {
      terminal.print(overview(others, terminal.style));
      return EXIT_OK;
    },
  };
}

/** `meanwhile help`. With words after it, the command line takes it for the `--help` of these. */
import { type Command, EXIT_OK } from '../command.ts';
import { overview } from '../help.ts';

/** @param others what it tells about, itself left out */
export function helpCommand(others: readonly Command[]): Command {
  return {
    name: 'help',
    summary: 'Show what there is',
    argument: '[command]',
    options: [],
    examples: ['meanwhile help', 'meanwhile help serve'],
    async run(_input, terminal) {
      terminal.print(overview(others, terminal.style));
      return EXIT_OK;
    },
  };
}

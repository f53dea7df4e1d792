/** The command line's entry: `bin/meanwhile.js` imports it on a Node that can run it. */
import { helpCommand } from './commands/help.ts';
import { KEYS_COMMANDS } from './commands/keys.ts';
import { SERVE_COMMAND } from './commands/serve.ts';
import { VERSION_COMMAND } from './commands/version.ts';
import { runCommandLine } from './run-command-line.ts';
import { processTerminal } from './terminal.ts';

const commands = [SERVE_COMMAND, ...KEYS_COMMANDS, VERSION_COMMAND];

// Not by exitCode alone: a server that cannot go on may still hold handles that would keep the process.
process.exit(await runCommandLine([...commands, helpCommand(commands)], process.argv.slice(2), processTerminal()));

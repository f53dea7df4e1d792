/** `meanwhile serve`: the server, in the foreground, until it is told to end. The one command that loads it. */
import type { Config } from '../../config/config.ts';
import { CONFIG_FLAG, CONFIG_VARIABLE, loadConfig } from '../../config/load-config.ts';
import { environmentNameOf, flagOf, SETTING_NAMES, SETTINGS } from '../../config/settings.ts';
import { unknownVariables } from '../../config/unknown-variables.ts';
import { type RunningServer, startServer } from '../../main.ts';
import { createLogger, type Logger } from '../../telemetry/logger.ts';
import { type Command, CommandError, EXIT_FAILED, EXIT_OK, JSON_OPTION, type Option } from '../command.ts';
import { waitForSignal } from '../end-signal.ts';
import { productVersion } from '../product-version.ts';
import type { Terminal } from '../terminal.ts';

const CONFIG_OPTION: Option = {
  name: CONFIG_FLAG,
  value: 'FILE',
  doc: `A JSON file of settings, by the names of the flags in camelCase. ${CONFIG_VARIABLE}.`,
};

export const SERVE_COMMAND: Command = {
  name: 'serve',
  summary: 'Run the server until SIGTERM or Ctrl-C',
  argument: '',
  options: [...SETTING_NAMES.map(optionOf), CONFIG_OPTION, JSON_OPTION],
  notes: [
    'A flag beats its environment variable, which beats the config file. Once requests are served, one line with the URL ' +
      'is printed on standard output; the log goes to standard error. A first signal lets running attempts finish within ' +
      'the grace, a second one ends the server at once.',
  ],
  examples: [
    'meanwhile serve',
    'meanwhile serve --listen 127.0.0.1:0 --data-dir /var/lib/meanwhile --json',
    'MEANWHILE_ACCESS_KEY_ID=me MEANWHILE_ACCESS_KEY_SECRET=… meanwhile serve --listen 0.0.0.0:8383',
  ],
  async run({ values, switches }, terminal) {
    const config = loadConfig({ flags: values, env: terminal.env });
    const logger = createLogger(config.logLevel);
    warnOfUnknownVariables(terminal, logger);
    // Before the start, so that Ctrl-C during it is not lost.
    const signal = waitForSignal();
    const server = await start(config, logger);
    showKeyPair(server, terminal);
    // After what is for the person: the log is written by and by, and would come in between.
    const { store, dataDir } = config;
    logger.info(
      { version: await productVersion(), store: store.engine, dataDir, url: server.url },
      'the server takes requests',
    );
    terminal.print(switches.has('json') ? JSON.stringify({ url: server.url }) : `Meanwhile serves ${server.url}`);
    return serveUntilEnd(server, { signal, logger });
  },
};

async function start(config: Config, logger: Logger): Promise<RunningServer> {
  try {
    return await startServer(config, logger);
  } catch (cause) {
    throw new CommandError(`the server cannot start: ${reasonOf(cause, config)}`, { cause });
  }
}

/** Ends when asked to (exit code 0) or when the server cannot go on (1). */
async function serveUntilEnd(
  server: RunningServer,
  { signal, logger }: { signal: Promise<NodeJS.Signals>; logger: Logger },
): Promise<number> {
  const end = await Promise.race([signal, server.failed]);
  if (end instanceof Error) {
    logger.error({ err: end }, 'the server cannot go on and ends');
    return EXIT_FAILED;
  }
  logger.info({ signal: end }, 'ending: running attempts may finish within the grace');
  // A store that fails on the way out answers nobody, so that parts of the server would be waited for for ever.
  await Promise.race([server.close(), server.failed]);
  // What fails then was acknowledged before and is there after the next start, but the disk wants a look.
  const failure = await Promise.race([server.failed, Promise.resolve()]);
  if (failure !== undefined) logger.error({ err: failure }, 'the server failed while it ended');
  return failure === undefined ? EXIT_OK : EXIT_FAILED;
}

/** A setting that is misspelt would otherwise be a default that nobody wanted. */
function warnOfUnknownVariables({ env }: Terminal, logger: Logger): void {
  for (const { name, nearest } of unknownVariables(env)) {
    const hint = nearest === undefined ? '`meanwhile serve --help` names them all' : `was ${nearest} meant?`;
    logger.warn({ variable: name }, `the environment variable ${name} is no setting and is ignored; ${hint}`);
  }
}

/**
 * Once, when it was made: the secret is in no log, and afterwards only in the data folder. Later starts name its file, for
 * the start that made it may have failed before it could show it.
 */
function showKeyPair({ firstKeyPair, keysFile, url }: RunningServer, terminal: Terminal): void {
  if (keysFile === null) return;
  if (firstKeyPair === null) {
    terminal.note(`The operator's key pair is kept in ${keysFile}`);
    return;
  }
  const { accessKeyId, accessKeySecret } = firstKeyPair;
  terminal.note('A key pair was made for you. It is shown this once and kept, readable for you alone, in');
  terminal.note(`  ${keysFile}`);
  terminal.note('Give it to an SDK of Function Compute, in its Config:');
  terminal.note(`  accessKeyId: '${accessKeyId}',`);
  terminal.note(`  accessKeySecret: '${accessKeySecret}',`);
  terminal.note(`  endpoint: '${new URL(url).host}', protocol: 'HTTP'`);
}

function optionOf(name: (typeof SETTING_NAMES)[number]): Option {
  const { unit, doc, defaultText, defaultNote } = SETTINGS[name];
  const standard =
    defaultText === null ? '' : ` Default: ${defaultText}${defaultNote === undefined ? '' : ` (${defaultNote})`}.`;
  return {
    name: flagOf(name),
    value: (unit ?? 'value').toUpperCase(),
    doc: `${doc}${standard} ${environmentNameOf(name)}.`,
  };
}

/** The system's own words say nothing of what to do; the layers below say it themselves. */
function reasonOf(error: unknown, { listen }: Config): string {
  if (!(error instanceof Error)) return String(error);
  if (!('syscall' in error) || error.syscall !== 'listen' || !('code' in error)) return error.message;
  const { code } = error;
  const address = `${listen.host}:${listen.port}`;
  if (code === 'EADDRINUSE') return `${address} is taken; stop what listens there, or choose another with --listen`;
  if (code === 'EADDRNOTAVAIL') return `this machine has no address ${listen.host}; choose another with --listen`;
  if (code === 'EACCES') return `${address} may not be used by this user; choose a port above 1023 with --listen`;
  return error.message;
}

/*
 * Makes node_modules match package-lock.json, and does nothing when it already does. It runs ahead of `npm test`,
 * `npm start` and the like (their "pre" scripts in package.json), so that a fresh clone needs no other command.
 *
 * It must be a script of its own rather than `ensure-installed && node …` in one line: a shell remembers where it
 * found `node` the first time and would go on with the machine's, though the install has put Node 24 in front of it.
 *
 * Runs on Node 18 and newer, without any dependency.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR_MIN = 24;
const root = new URL('../', import.meta.url);
const onWindows = process.platform === 'win32';

const reason = reasonToInstall();
if (reason !== undefined) {
  process.stderr.write(`meanwhile: running npm ci first, because ${reason}\n`);
  install();
}

/** Why node_modules cannot be used as it is, or undefined when it can. */
function reasonToInstall() {
  const installed = readPackages('node_modules/.package-lock.json');
  if (installed === undefined) {
    return 'nothing is installed yet';
  }
  if (!matches(readPackages('package-lock.json') ?? {}, installed)) {
    return 'node_modules differs from package-lock.json';
  }
  if (!hasUsableNode()) {
    return `Node ${NODE_MAJOR_MIN} is missing from node_modules`;
  }
  return undefined;
}

/** The "packages" of a lock file by their folder; undefined when the file cannot be read. */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(new URL(path, root), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Compares contents, not file times, which any checkout changes. npm's copy of the lock leaves out the project itself
 * and the optional packages that are for other platforms.
 */
function matches(wanted, installed) {
  const folders = Object.keys(wanted).filter((folder) => folder !== '');
  return (
    folders.every((folder) => folder in installed || wanted[folder].optional === true) &&
    Object.entries(installed).every(([folder, entry]) => isSamePackage(wanted[folder], entry))
  );
}

function isSamePackage(wanted, installed) {
  return wanted?.version === installed.version && wanted.integrity === installed.integrity;
}

/** Whether scripts will find a Node that is new enough: the bundled one, or failing that the machine's own. */
function hasUsableNode() {
  const bundled = new URL(`node_modules/.bin/node${onWindows ? '.cmd' : ''}`, root);
  return existsSync(bundled) || Number.parseInt(process.versions.node, 10) >= NODE_MAJOR_MIN;
}

function install() {
  // What npm prints goes to standard error: standard output belongs to the command that comes after.
  const { error, status } = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: fileURLToPath(root),
    shell: onWindows,
    stdio: ['ignore', 2, 2],
  });
  if (error !== undefined || status !== 0) {
    fail(`npm ci failed${error === undefined ? '' : ` (${error.message})`}; its output above says why.`);
  }
  if (!hasUsableNode()) {
    fail(
      'npm ci did not bring Node along: install scripts seem to be switched off. ' +
        'Run `npm rebuild node --ignore-scripts=false`, or put Node 24 on the PATH.',
    );
  }
}

function fail(message) {
  process.stderr.write(`meanwhile: ${message}\n`);
  process.exit(1);
}

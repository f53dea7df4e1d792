'use strict';
/** Finds the functions that a handler, initializer or pre-stop string names, in CommonJS and ES modules. */
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const EXTENSIONS = ['', '.js', '.cjs', '.mjs', '/index.js'];

/** An error with the type that Function Compute gives it. */
class LoadError extends Error {
  constructor(errorType, message, cause) {
    super(message);
    this.name = errorType;
    if (cause instanceof Error) this.stack = cause.stack;
  }
}

/**
 * The exported function of `folder/file.function`.
 *
 * @throws LoadError
 */
async function loadFunction(codeFolder, name) {
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || dot === name.length - 1) {
    throw new LoadError('InvalidHandlerName', `Handler '${name}' is not of the form file.function.`);
  }
  const loaded = await loadModule(codeFolder, name.slice(0, dot));
  const exported = loaded[name.slice(dot + 1)] ?? loaded.default?.[name.slice(dot + 1)];
  if (typeof exported !== 'function') {
    throw new LoadError(
      'HandlerNotFound',
      `Function '${name.slice(dot + 1)}' is not exported by '${name.slice(0, dot)}'.`,
    );
  }
  return exported;
}

/**
 * `require` looks for packages in the code package alone, as in the service, where nothing lies above it. Here the
 * server's own packages might, and a function would work that fails elsewhere.
 */
function confineRequire(codeFolder) {
  const lookupPaths = Module._nodeModulePaths;
  // Node knows a module by its real path, which is another where the data folder lies behind a symbolic link.
  const insides = [codeFolder, fs.realpathSync(codeFolder)].map((folder) => folder + path.sep);
  Module._nodeModulePaths = (from) =>
    lookupPaths(from).filter((folder) => insides.some((inside) => folder.startsWith(inside)));
}

async function loadModule(codeFolder, moduleName) {
  const file = EXTENSIONS.map((extension) => path.join(codeFolder, moduleName + extension)).find(isFile);
  if (file === undefined) {
    throw new LoadError('ImportModuleError', `Cannot find module '${moduleName}' in the code package.`);
  }
  try {
    return await evaluate(file);
  } catch (error) {
    throw new LoadError(errorTypeOf(error), error instanceof Error ? error.message : String(error), error);
  }
}

/** `require` reads ES modules too, but for those that await at their top. */
async function evaluate(file) {
  try {
    return Module.createRequire(file)(file);
  } catch (error) {
    if (error?.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
    return await import(pathToFileURL(file));
  }
}

function errorTypeOf(error) {
  if (error instanceof SyntaxError) return 'UserCodeSyntaxError';
  if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') return 'ImportModuleError';
  return 'UserCodeError';
}

function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

module.exports = { confineRequire, loadFunction };

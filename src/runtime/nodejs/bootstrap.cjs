'use strict';
/**
 * The process of a Node.js instance: loads the user's code, then calls it as the server says over the control pipe.
 * Standard output and error belong to the user's code alone. Ends when the server is gone.
 */
const { callUserFunction, stopWaiting, watchEmptyLoop } = require('./bootstrap-completion.cjs');
const { encodeResult, errorDocument, handledDocument, unhandledDocument } = require('./bootstrap-documents.cjs');
const { callHttpHandler } = require('./bootstrap-http.cjs');
const { confineRequire, loadFunction } = require('./bootstrap-loader.cjs');
const { addLevels, createLog } = require('./bootstrap-log.cjs');
const { openPipe, sendFrame } = require('./bootstrap-pipe.cjs');
const { createLine } = require('./bootstrap-line.cjs');
const { maxMemoryKb } = require('./bootstrap-memory.cjs');
const { countWrites } = require('./bootstrap-streams.cjs');

/** Frame types; framing/protocol.ts has the same, and a test compares them. */
const FRAMES = {
  LOAD: 1,
  INITIALIZE: 2,
  INVOKE: 3,
  PRE_STOP: 4,
  TAKE_BACK: 5,
  HELLO: 16,
  LOG: 17,
  DONE: 18,
  LEAVE: 19,
};

const NOTHING = Buffer.alloc(0);
const stdout = countWrites('stdout');
const stderr = countWrites('stderr');
const log = createLog((line) => sendFrame(FRAMES.LOG, '', Buffer.from(line)));
addLevels(console, log);

/** The head of LOAD. */
let settings;
const userFunctions = { handler: undefined, initializer: undefined, preStop: undefined };
/** Request id of the INVOKE or INITIALIZE under way. */
let current;
const line = createLine({
  begin: (call, payload) => (call.http === undefined ? run('handler', call, [payload]) : runHttp(call, payload)),
  leaveOut: (requestId) => done(requestId, 'not-begun', NOTHING),
});

const socket = openPipe(
  (type, head, payload) => {
    const call = JSON.parse(head);
    if (type === FRAMES.INVOKE) line.add(call, payload);
    else if (type === FRAMES.TAKE_BACK) line.takeBack(call.requestId);
    else if (type === FRAMES.INITIALIZE) run('initializer', call, []);
    else if (type === FRAMES.PRE_STOP) run('preStop', call, []);
    else if (type === FRAMES.LOAD) load(call);
  },
  // Nobody is there to hear a word of farewell.
  () => process.reallyExit(0),
);
watchEmptyLoop(socket);

process.on('uncaughtException', (error) => {
  if (current !== undefined) {
    failed(current, 'unhandled', error, { last: true });
    return;
  }
  logError(error);
  process.exit(1);
});

process.on('exit', () => {
  if (current === undefined) sendFrame(FRAMES.LEAVE, '', NOTHING);
});

sendFrame(FRAMES.HELLO, '', NOTHING);

async function load(loadHead) {
  settings = loadHead;
  current = loadHead.requestId;
  log.begin(current);
  confineRequire(settings.codeFolder);
  try {
    for (const name of Object.keys(userFunctions)) {
      if (settings[name] !== null) userFunctions[name] = await loadFunction(settings.codeFolder, settings[name]);
    }
    done(current, 'returned', NOTHING);
  } catch (error) {
    // As the user's error was: what we call it is in the document.
    logError(error.stack);
    done(loadHead.requestId, 'unhandled', errorDocument(error, error.name), { last: true });
  }
}

function run(name, call, args) {
  const { requestId } = call;
  // A pre-stop hook may come in the middle of an invocation; it must not take that one's place.
  if (name !== 'preStop') current = requestId;
  log.begin(requestId);
  callUserFunction(userFunctions[name], [...args, createContext(call)], (end, value) => {
    stopWaiting();
    // Of a hook nobody reads a result: a client that it returns is as good as nothing.
    if (end === 'returned') returned(requestId, name === 'handler' ? value : undefined);
    else failed(requestId, end, value);
  });
}

/** Of a function of 2.0, called through an HTTP trigger. */
function runHttp(call, body) {
  const { requestId, http } = call;
  current = requestId;
  log.begin(requestId);
  callHttpHandler(userFunctions.handler, { http, body, context: createContext(call) }, (end, value, response) => {
    if (end === 'returned') done(requestId, end, value, { response });
    else failed(requestId, end, value);
  });
}

function returned(requestId, value) {
  let bytes;
  try {
    bytes = encodeResult(value);
  } catch (error) {
    failed(requestId, 'unhandled', error);
    return;
  }
  done(requestId, 'returned', bytes);
}

function failed(requestId, end, error, options) {
  logError(error);
  done(requestId, end, end === 'handled' ? handledDocument(error) : unhandledDocument(error), options);
}

/** An error's own `inspect` can throw; its document says enough then. */
function logError(error) {
  try {
    log.line('error', [error]);
  } catch {
    log.line('error', ['an error that cannot be printed']);
  }
}

function done(requestId, end, payload, { last = false, response } = {}) {
  if (requestId === current) current = undefined;
  if (!last) line.ended(requestId);
  log.finish();
  const head = {
    requestId,
    end,
    stdoutBytes: stdout.bytes,
    stderrBytes: stderr.bytes,
    maxMemoryKb: maxMemoryKb(),
    last,
    // Left out of the JSON where there is none.
    response,
  };
  sendFrame(FRAMES.DONE, JSON.stringify(head), payload);
}

function createContext({ requestId, qualifier, retryCount }) {
  return {
    requestId,
    credentials: { ...settings.credentials },
    function: {
      name: settings.functionName,
      handler: settings.handler,
      memory: settings.memoryMb,
      timeout: settings.timeoutSeconds,
      initializer: settings.initializer ?? '',
      initializationTimeout: settings.initializationTimeoutSeconds,
    },
    service: {
      name: settings.serviceName,
      logProject: settings.logProject,
      logStore: settings.logStore,
      qualifier,
      versionId: settings.versionId,
    },
    region: settings.region,
    accountId: settings.accountId,
    retryCount,
    // Nothing is traced here; code that asks finds the members empty.
    tracing: { openTracingSpanContext: '', openTracingSpanBaggages: {}, jaegerEndpoint: '' },
    logger: addLevels({}, log),
  };
}

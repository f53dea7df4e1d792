"""
The process of a Python instance: loads the user's code, then calls it as the server says over the control pipe.
Standard output and error are only ever log. Ends when the server is gone.

User code runs on the main thread, as signals, event loops and database connections want it; another thread reads the
pipe, so that a pre-stop hook can run while a handler does not come back.
"""
import glob
import json
import logging
import os
import queue
import signal
import sys
import threading
import traceback
import types

import bootstrap_context
import bootstrap_http
import bootstrap_limits
import bootstrap_loader
import bootstrap_log
import bootstrap_pipe as pipe
import bootstrap_streams
from bootstrap_documents import encode_result, error_document, load_error_document

OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))
OWN_FILES = set(glob.glob(os.path.join(OWN_FOLDER, "*.py"))) | {__file__}

EXIT_TERMINATED = 143
EXIT_OUT_OF_MEMORY = 112

stdout, stderr = bootstrap_streams.count_writes()
log_handler = bootstrap_log.install()
logger = logging.getLogger()


class Instance:
    def __init__(self, reader):
        self.reader = reader
        self.settings = None
        self.functions = {}
        self.calls = queue.SimpleQueue()
        # Request ids of what the main thread was given and has not answered, and of what it has not begun. Changed by
        # both threads, a whole operation at a time.
        self.unanswered = set()
        self.ahead = set()

    def read_calls(self):
        for frame_type, head, payload in iter(lambda: pipe.read_frame(self.reader), None):
            call = json.loads(head)
            # A hook may come in the middle of an invocation, which may never end.
            if frame_type == pipe.PRE_STOP and self.unanswered:
                self.take(frame_type, call, payload)
            elif frame_type == pipe.TAKE_BACK:
                # Too late for one that has begun: its end is the answer.
                if self.claim(call):
                    self.done(call, "not-begun", b"")
            else:
                self.unanswered.add(call["requestId"])
                self.ahead.add(call["requestId"])
                self.calls.put((frame_type, call, payload))
        # Nobody is there to hear a word of farewell.
        os._exit(0)

    def serve(self):
        while True:
            frame_type, call, payload = self.calls.get()
            if self.claim(call):
                self.take(frame_type, call, payload)

    def claim(self, call):
        """True for one of the two threads, once."""
        try:
            self.ahead.remove(call["requestId"])
        except KeyError:
            return False
        return True

    def take(self, frame_type, call, payload):
        log_handler.request_id = call["requestId"]
        try:
            if frame_type == pipe.LOAD:
                self.load(call)
            elif frame_type == pipe.INVOKE:
                self.run("handler", call, [payload])
            elif frame_type == pipe.INITIALIZE:
                self.run("initializer", call, [])
            elif frame_type == pipe.PRE_STOP:
                self.run("preStop", call, [])
        except MemoryError:
            out_of_memory()

    def load(self, settings):
        self.settings = settings
        bootstrap_limits.limit_memory(settings["memoryMb"])
        bootstrap_context.clean_environment()
        bootstrap_loader.set_search_path(settings["codeFolder"], OWN_FOLDER)
        try:
            for name in ("handler", "initializer", "preStop"):
                if settings[name] is not None:
                    self.functions[name] = bootstrap_loader.load_function(settings[name])
        except bootstrap_loader.LoadError as error:
            document = load_error_document(error, OWN_FILES)
            logger.error(document.decode())
            self.done(settings, "unhandled", document, last=True)
        else:
            self.done(settings, "returned", b"")

    def run(self, name, call, arguments):
        try:
            content, response = self.answer(name, call, arguments)
        except (SystemExit, MemoryError):
            raise
        except BaseException as error:
            document = error_document(error, OWN_FILES)
            logger.error(document.decode())
            self.done(call, "unhandled", document)
        else:
            self.done(call, "returned", content, response=response)

    def answer(self, name, call, arguments):
        """The result's bytes and, of a request through an HTTP trigger to a function of 2.0, the answer's head."""
        context = bootstrap_context.FCContext(self.settings, call)
        if "http" in call:
            return bootstrap_http.call_http_handler(self.functions[name], call["http"], *arguments, context)
        result = self.functions[name](*arguments, context)
        return (encode_result(result) if name == "handler" else b""), None

    def done(self, call, end, payload, last=False, response=None):
        bootstrap_streams.flush()
        head = {
            "requestId": call["requestId"],
            "end": end,
            "stdoutBytes": stdout.bytes_written,
            "stderrBytes": stderr.bytes_written,
            "maxMemoryKb": bootstrap_limits.max_memory_kb(),
            "last": last,
        }
        if response is not None:
            head["response"] = response
        # Before the server can know: a hook that it sends at once still belongs on the main thread.
        self.unanswered.discard(call["requestId"])
        pipe.send_frame(pipe.DONE, json.dumps(head).encode(), payload)


def out_of_memory():
    """Nobody knows what is whole after it. python-runtime.ts reads the exit code together with the word."""
    traceback.print_exc()
    bootstrap_streams.flush()
    os._exit(EXIT_OUT_OF_MEMORY)


def log_stacks_and_exit(_signal, _frame):
    """What the server sends when time is up; soon after it kills."""
    logger.error("Dumping stack trace after function timeout")
    for thread_id, frame in sys._current_frames().items():
        if thread_id == reading.ident:
            continue
        frames = [entry for entry in traceback.extract_stack(frame) if entry.filename not in OWN_FILES]
        stack = "".join(traceback.format_list(frames))
        logger.error("request id = %s, thread id = %s\n%s", log_handler.request_id, thread_id, stack)
    bootstrap_streams.flush()
    # Raised where the handler is, so that what it has to close is closed.
    sys.exit(EXIT_TERMINATED)


def forget_termination():
    """What is forked is the function's own: a worker that it ends by SIGTERM says nothing of a timeout."""
    if signal.getsignal(signal.SIGTERM) is log_stacks_and_exit:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def hide_main_module():
    """What multiprocessing spawns would load this file again; gives what must be kept alive instead."""
    main_module = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    return main_module


if __name__ == "__main__":
    main_module = hide_main_module()
    instance = Instance(pipe.open_pipe())
    reading = threading.Thread(target=instance.read_calls, daemon=True)
    reading.start()
    signal.signal(signal.SIGTERM, log_stacks_and_exit)
    os.register_at_fork(after_in_child=forget_termination)
    pipe.send_frame(pipe.HELLO)
    instance.serve()

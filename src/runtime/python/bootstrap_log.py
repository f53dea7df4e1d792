"""The root logger: records in Function Compute's form, on standard output, in order with what is printed."""
import logging
import sys
import time

# Function Compute cuts a record there.
RECORD_LENGTH_MAX = 128 * 1024


class RecordHandler(logging.Handler):
    def __init__(self):
        super().__init__()
        self.request_id = ""
        self.setFormatter(RecordFormatter(self))

    def emit(self, record):
        try:
            sys.stdout.write(self.format(record)[:RECORD_LENGTH_MAX] + "\n")
        except Exception:
            self.handleError(record)


class RecordFormatter(logging.Formatter):
    """`2022-04-01T10:04:19.024Z <request id> [INFO] text`"""

    def __init__(self, handler):
        super().__init__()
        self._handler = handler

    def formatMessage(self, record):
        seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        # record.msecs was rounded up to 1000 by some versions of Python.
        milliseconds = int(record.created * 1000) % 1000
        stamp = "%s.%03dZ" % (seconds, milliseconds)
        return "%s %s [%s] %s" % (stamp, self._handler.request_id, record.levelname, record.message)


def install():
    """Gives the handler, which is to be told each request id. User code may set another level."""
    handler = RecordHandler()
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return handler

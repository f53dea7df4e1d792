"""Standard output and error that count what is written, so that the server knows how much to wait for."""
import io
import sys


class CountingFile(io.FileIO):
    """What bypasses it (`os.write`, child processes) is not counted and so not waited for."""

    def __init__(self, fd):
        super().__init__(fd, "w", closefd=False)
        self.bytes_written = 0

    def write(self, content):
        written = super().write(content)
        self.bytes_written += written or 0
        return written


def count_writes():
    """Replaces both streams; gives their counters."""
    stdout = CountingFile(1)
    stderr = CountingFile(2)
    # By line also when it is no terminal: what was printed before a crash must not be lost.
    sys.stdout = sys.__stdout__ = _text_stream(stdout, "strict")
    sys.stderr = sys.__stderr__ = _text_stream(stderr, "backslashreplace")
    return stdout, stderr


def _text_stream(raw, errors):
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8", errors=errors, line_buffering=True)


def flush():
    """User code may have put anything in the place of the streams, or closed them."""
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            stream.flush()
        except Exception:
            pass

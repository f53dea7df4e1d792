"""How much memory the process may take, and how much it took."""
import os
import re
import resource

# Address space that is reserved and not used: stacks of threads, arenas. 16 threads reserve 128 MiB.
RESERVE_BYTES = 256 * 1024 * 1024

# Not getrusage: its peak is that of the server when the child was forked (395 MB seen for a process of 8 MB).
_status_fd = os.open("/proc/self/status", os.O_RDONLY) if os.path.exists("/proc/self/status") else None
STATUS_BYTES_MAX = 8192


def limit_memory(memory_mb):
    """Private memory only: mapped files and libraries do not count. Children inherit it."""
    limit_bytes = memory_mb * 1024 * 1024 + RESERVE_BYTES
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (limit_bytes, limit_bytes))
    except (ValueError, OSError):
        pass  # the operator's own limit is lower


def max_memory_kb():
    if _status_fd is None:
        return 0
    found = re.search(rb"VmHWM:\s*(\d+) kB", os.pread(_status_fd, STATUS_BYTES_MAX, 0))
    return int(found.group(1)) if found else 0

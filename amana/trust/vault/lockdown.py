"""Keep what is in this process's memory in this process.

Python can't wipe a key from memory. So no crash may write memory to a disk, and no
other process of the same account may read ours. Swap is switched off, or encrypted, by
the administrator who installs (docs/operations/keys.md).
"""

import ctypes
import resource
import sys

PR_SET_DUMPABLE = 4


def keep_memory_private() -> None:
    """Prevent core files and, on Linux, debuggers and other reading of our memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_DUMPABLE)")

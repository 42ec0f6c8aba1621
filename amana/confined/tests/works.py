"""What the process of its own is given to do in the tests: honest and hostile work."""

import os
import socket
import threading
from pathlib import Path


def niceness(_content: bytes) -> bytes:
    return str(os.nice(0)).encode()


def turned(content: bytes) -> bytes:
    return content[::-1]


def translated(content: bytes) -> bytes:
    from django.utils.translation import gettext

    return gettext(content.decode()).encode()


def takes_much(content: bytes) -> bytes:
    return bytes(bytearray(int(content) << 20)[:1])


def answers_much(content: bytes) -> bytes:
    return bytes(int(content) << 20)


def never_ends(_content: bytes) -> bytes:
    while True:
        pass


def dies(content: bytes) -> bytes:
    os.kill(os.getpid(), int(content))
    return b""


def breaks(_content: bytes) -> bytes:
    raise ValueError("with a word of the file")


def writes(content: bytes) -> bytes:
    Path(content.decode()).write_text("kept")
    return b"written"


def sees(_content: bytes) -> bytes:
    """The names of what the environment says."""
    return " ".join(sorted(os.environ)).encode()


def opens_many(_content: bytes) -> bytes:
    kept = [socket.socket() for _n in range(200)]
    return str(len(kept)).encode()


def starts_many(user: bytes) -> bytes:
    """As another user, for whom the system makes no exception."""
    if user:
        os.setuid(int(user))
    threads = [threading.Thread(target=int, daemon=True) for _n in range(3)]
    try:
        for thread in threads:
            thread.start()
    except RuntimeError:
        return b"refused"
    return b"started"

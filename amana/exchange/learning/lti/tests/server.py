"""A server on this machine that gives one answer, word for word."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

GARBAGE = b"this is no HTTP\r\n\r\n"
FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


@dataclass
class Server:
    url: str
    heard: list[bytes] = field(default_factory=list)


def leads_to(url: str, code: int = 302) -> bytes:
    head = f"HTTP/1.1 {code} There\r\nLocation: {url}\r\n"
    return f"{head}Content-Length: 0\r\n\r\n".encode()


def whole(came: socket.socket) -> bytes:
    """One request with its body; nothing where nothing was asked."""
    heard = b""
    while piece := came.recv(65536):
        heard += piece
        head, ended, body = heard.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if ended and len(body) >= (int(length[1]) if length else 0):
            break
    return heard


@contextmanager
def server(answer: bytes) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        made = Server(f"http://127.0.0.1:{listening.getsockname()[1]}")

        def serve() -> None:
            while True:
                try:
                    came, _from = listening.accept()
                except OSError:
                    return
                with came:
                    came.settimeout(10)
                    if not (asked := whole(came)):
                        return
                    made.heard.append(asked)
                    came.sendall(answer)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield made
        with socket.create_connection(listening.getsockname()):
            pass
        thread.join(timeout=10)

"""Serves an exercise on a socket in its folder, to the server that started it and to no
one else; and takes the turns of what happens by itself."""

import fcntl
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import AF_UNIX, socket
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

THREADS = 8
TURN = 1.0
"""Seconds between two turns: an inject that came due is seen within two."""
LEFT_ALONE = 30 * 60.0
"""Seconds without a request, after which the process ends. It is started again by the
next one; the clock of the exercise runs on."""


class UnixServer(WSGIServer):
    """Answers each request in one of a few threads, which keep their connections to the
    database."""

    address_family = AF_UNIX
    request_queue_size = 128

    def __init__(self, path: Path, pages: "WSGIApplication") -> None:
        path.unlink(missing_ok=True)
        self.threads = ThreadPoolExecutor(THREADS)
        self.asked_at = time.monotonic()
        super().__init__(str(path), QuietHandler)  # type: ignore[arg-type]
        path.chmod(0o600)
        self.set_app(pages)

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)
        # Of what a socket in a folder has none; WSGI wants some.
        self.server_name, self.server_port = "localhost", 80
        self.setup_environ()

    def process_request(self, request: socket, client_address: object) -> None:  # type: ignore[override]
        # By our own clock: that of the exercise may stop for days.
        self.asked_at = time.monotonic()
        self.threads.submit(self._answer, request, client_address)

    def _answer(self, request: socket, client_address: object) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:
            pass  # who asked is gone
        finally:
            self.shutdown_request(request)

    @property
    def is_left_alone(self) -> bool:
        return time.monotonic() - self.asked_at > LEFT_ALONE


class QuietHandler(WSGIRequestHandler):
    """Writes no line for each request: no one reads who asked for what (ADR 61)."""

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""

    def address_string(self) -> str:
        return "127.0.0.1"

    def handle(self) -> None:
        """Answer one request. Wsgiref's own handler takes the address of whoever asks,
        which a socket in a folder has none of."""
        self.client_address = ("127.0.0.1", 0)
        super().handle()


def lock(path: Path) -> object | None:
    """Hold the folder for this process, until it ends, and write its number there; None
    where another has it."""
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def serve(server: UnixServer, take_turn: Callable[[], None]) -> None:
    """Serve in threads, and take turns in this one, where limits of time work, until it
    is left alone or told to end."""
    answering = Thread(target=server.serve_forever, daemon=True)
    answering.start()
    try:
        while answering.is_alive() and not server.is_left_alone:
            take_turn()
            time.sleep(TURN)
    finally:
        server.shutdown()
        server.threads.shutdown(cancel_futures=True)
        server.server_close()

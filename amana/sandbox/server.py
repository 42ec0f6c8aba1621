"""Serves an exercise on a socket in its folder, to the server that started it and to no
one else; and takes the turns of what happens by itself."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import AF_UNIX, socket
from threading import Thread
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from amana.trust.access.http import BY_ITSELF

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

THREADS = 8
TURN = 1.0
"""Seconds between two turns: an inject that came due is seen within two."""
LEFT_ALONE = 30 * 60.0
"""Seconds without a visit, after which the process ends. The next one starts it
again."""


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

    def get_environ(self) -> dict[str, Any]:
        # What an open page asks for by itself is no visit. By our own clock: that of
        # the exercise may stop for days.
        if BY_ITSELF not in self.headers:
            self.server.asked_at = time.monotonic()  # type: ignore[attr-defined]
        return super().get_environ()

    def address_string(self) -> str:
        return "127.0.0.1"

    def handle(self) -> None:
        """Answer one request. Wsgiref's own handler takes the address of the other
        side, and a socket in a folder has none."""
        self.client_address = ("127.0.0.1", 0)
        super().handle()


def serve(
    server: UnixServer, take_turn: Callable[[], None], is_over: Callable[[], bool]
) -> None:
    """Serve in threads, and take turns in this one, where limits of time work, until it
    is over."""
    answering = Thread(target=server.serve_forever, daemon=True)
    answering.start()
    try:
        while answering.is_alive() and not is_over():
            take_turn()
            time.sleep(TURN)
    finally:
        server.shutdown()
        server.threads.shutdown(cancel_futures=True)
        server.server_close()

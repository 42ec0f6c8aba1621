"""Amana as it is served, with pages that hang and less patience: for `test_serving`."""

import ctypes
import os
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from amana import asgi
from amana.ui.streams import GOES_ON, SOURCES, News
from amana.wsgi import application as as_served


class Quiet:
    """A source, and its only topic, of which there is never any news."""

    tick = 0.1

    def open(self, key: str) -> "Quiet":
        return self

    def changed(self, topics: Mapping[str, Any]) -> Iterable[str]:
        return ()

    def read(self, topic: Any) -> None: ...

    def news(self, since: str) -> News | None:
        return None


def pages(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    match environ["PATH_INFO"]:
        case "/stuck":
            ctypes.PyDLL(None).sleep(600)  # and holds the interpreter's lock
        case "/slow":
            time.sleep(600)
        case "/stream":
            start_response("200 OK", [(GOES_ON, "quiet key 0")])
            return [b":\n\n"]
        case "/said":
            said = environ["wsgi.input"].read()
            sys.stderr.write(f"said {len(said)}\n")
            sys.stderr.flush()
        case "/long":
            start_response("200 OK", [])
            return [b"x" * 4096] * 3000
        case "/lines":
            start_response("200 OK", [])
            return (b"x" * 99 + b"\n" for _line in range(120_000))
        case "/pid":
            start_response("200 OK", [])
            return [str(os.getpid()).encode()]
    return as_served(environ, start_response)


SOURCES["quiet"] = Quiet()
asgi.in_threads = asgi.build_threaded_app(pages)
asgi.BEAT = timedelta(seconds=0.5)
asgi.SILENT = asgi.LONGEST = timedelta(seconds=3)
application = asgi.application

"""Whose tries are counted: by the address that our own proxy says, and no other."""

import asyncio
from io import BytesIO
from typing import Any
from unittest.mock import patch

import pytest
from a2wsgi.wsgi import build_environ
from allauth.account.adapter import get_adapter
from django.core.handlers.wsgi import WSGIRequest

from amana import asgi

BY_PROXY = (b"x-forwarded-for", b"203.0.113.9")
BY_CLIENT = (b"x_forwarded_for", b"198.51.100.7")
SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/keys/join",
    "query_string": b"",
    "http_version": "1.1",
    "client": ("127.0.0.1", 5),
}


async def asked(headers: list[tuple[bytes, bytes]]) -> WSGIRequest:
    """The request as a view gets it."""
    seen = []

    async def pages(scope: Any, receive: Any, send: Any) -> None:
        environ = build_environ(scope, None)  # type: ignore[arg-type]
        seen.append(WSGIRequest({**environ, "wsgi.input": BytesIO()}))

    async def nothing(*_: Any) -> dict[str, Any]:
        return {"type": "http.request"}

    with patch.object(asgi, "in_threads", pages):
        await asgi.application({**SCOPE, "headers": headers}, nothing, nothing)  # type: ignore[arg-type]
    return seen[0]


@pytest.mark.parametrize(
    "headers", [[BY_PROXY], [BY_PROXY, BY_CLIENT], [BY_CLIENT, BY_PROXY]]
)
def test_nobody_names_another_address_by_a_header_that_reads_alike(
    settings: Any, headers: list[tuple[bytes, bytes]]
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = asyncio.run(asked(headers))
    assert get_adapter().get_client_ip(request) == "203.0.113.9"


def test_nor_is_https_said_by_one() -> None:
    spoken = [(b"x-forwarded-proto", b"http"), (b"x_forwarded_proto", b"https")]
    request = asyncio.run(asked(spoken))
    assert request.headers["X-Forwarded-Proto"] == "http"

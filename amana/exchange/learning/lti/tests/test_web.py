"""Whatever is wrong with an address or an answer, it is no answer."""

import pytest

from amana.exchange import web
from amana.exchange.learning.lti.tests.server import FINE, GARBAGE, leads_to, server


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/a b",
        "http://127.0.0.1:1/é",
        "http://127.0.0.1:port/",
        "http://127.0.0.1:1/\x00",
        "https://[moodle.example/",
        "https://a b.example/",
    ],
)
def test_an_odd_address_gives_no_answer(url):
    with pytest.raises(web.NoResponse):
        web.request_json(url)


def test_an_odd_header_gives_no_answer():
    """What they gave us as the right to write marks goes back to them in one."""
    with pytest.raises(web.NoResponse):
        web.request_json(
            "http://127.0.0.1:1/", headers={"Authorization": "Bearer a\nb: c"}
        )


CUT = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
DEEP = FINE.replace(b"Length: 2", b"Length: 100002").replace(b"{}", b"[" * 100002)


@pytest.mark.parametrize("answer", [GARBAGE, CUT, DEEP, b"", b"HTTP/1.1 x y\r\n\r\n"])
def test_an_odd_answer_is_none(answer):
    with server(answer) as there, pytest.raises(web.NoResponse):
        web.request_json(there.url)


def test_no_redirect_is_followed():
    with (
        server(FINE) as inside,
        server(leads_to(inside.url)) as there,
        pytest.raises(web.NoResponse, match="redirected"),
    ):
        web.request_json(there.url)
    assert inside.heard == []


def test_what_is_no_address_is_not_allowed():
    assert not web.is_allowed("https://[moodle.example/")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "http://inside/",
        "ftp://a.example/",
        "https://a@b.example/",
    ],
)
def test_nothing_but_https_is_asked(url):
    with pytest.raises(web.NoResponse):
        web.request_json(url)

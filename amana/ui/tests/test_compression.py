"""Pages travel in a fifth of their bytes; what others could measure does not."""

import gzip
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path

from amana import given
from amana.trust.access.models import User
from amana.ui.streams import GOES_ON, open_stream
from tests.worlds import kept

pytestmark = pytest.mark.django_db

TAKES_GZIP = {"Accept-Encoding": "gzip, br"}
TODAY = "/today/"


@kept
def worker() -> User:
    return given.make_worker()


def ask(client: Client, address: str, method: str = "get", **headers: str) -> Any:
    sent = TAKES_GZIP | {name.replace("_", "-"): word for name, word in headers.items()}
    return getattr(client, method)(address, headers=sent)


def is_compressed(response: Any) -> bool:
    return bool(response.headers.get("Content-Encoding") == "gzip")


@pytest.fixture
def inside(worker: User) -> Client:
    return given.sign_in(worker)


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_page_that_is_opened_from_here_is_compressed(
    inside: Client, site: str
) -> None:
    plain = inside.get(TODAY)
    response = ask(inside, TODAY, Sec_Fetch_Site=site)

    assert is_compressed(response)
    assert b"<html" in gzip.decompress(response.content)
    assert len(response.content) < len(plain.content) / 3
    assert int(response["Content-Length"]) == len(response.content)
    assert "Accept-Encoding" in response["Vary"]


def test_an_old_browser_that_names_no_site_gets_it_so_where_nobody_is_signed_in(
    inside: Client, client: Client
) -> None:
    """Another host of our domain could ask, and the session would come along."""
    assert not is_compressed(ask(inside, TODAY))
    assert is_compressed(ask(client, "/account/sign-in"))


def test_its_length_differs_each_time(inside: Client) -> None:
    """Else one look would tell two pages apart that differ by a word."""
    here = {"Sec_Fetch_Site": "same-origin"}
    assert len({len(ask(inside, TODAY, **here).content) for _turn in range(12)}) > 3


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_asks_for_is_not_compressed(
    inside: Client, site: str
) -> None:
    response = ask(inside, TODAY, Sec_Fetch_Site=site)

    assert response.status_code == 200
    assert not is_compressed(response)


def test_the_answer_to_a_form_is_not_compressed(inside: Client) -> None:
    response = inside.post("/account/sign-in", {"login": "a b"}, headers=TAKES_GZIP)

    assert not is_compressed(response)


def test_no_cookie_that_lets_in_comes_along_from_another_site(
    worker: User, client: Client
) -> None:
    """Without it another site's page asks for nothing that holds a secret."""
    let_in = {"login": worker.email, "password": given.PASSPHRASE}
    client.post("/account/sign-in", let_in)
    others = {n for n, c in client.cookies.items() if c["samesite"] != "Strict"}

    assert settings.SESSION_COOKIE_NAME in client.cookies
    assert others <= {settings.LANGUAGE_COOKIE_NAME}


def test_who_does_not_take_gzip_gets_it_plain(inside: Client) -> None:
    response = inside.get(TODAY, headers={"Accept-Encoding": "identity"})

    assert not is_compressed(response)
    assert b"<html" in response.content


# --- streams and files


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return open_stream("room", "1", "0", b"x" * 1000)


def piece_by_piece(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse([b"x" * 1000])


def file(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"x" * 1000, content_type="text/csv")


VIEWS: tuple[Any, ...] = (stream, piece_by_piece, file)
urlpatterns = []
for view in VIEWS:
    view.login_required = False
    urlpatterns.append(path(view.__name__, view))


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("name", [view.__name__ for view in VIEWS])
def test_neither_a_stream_nor_a_file_is_compressed(client: Client, name: str) -> None:
    response = ask(client, f"/{name}")
    body = b"".join(response) if response.streaming else response.content

    assert not is_compressed(response)
    assert body.endswith(b"x" * 1000)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("name", [view.__name__ for view in VIEWS])
def test_a_head_of_them_ends_at_once(client: Client, name: str) -> None:
    response = client.head(f"/{name}")

    assert response.status_code == 200
    assert GOES_ON not in response.headers
    assert b"".join(response) == b""

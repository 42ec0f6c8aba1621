from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from django_htmx.middleware import HtmxMiddleware

Asks = Callable[..., HttpRequest]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A request leaves its language behind in the thread."""
    with translation.override("en"):
        yield


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@pytest.fixture
def asks(rf: RequestFactory) -> Asks:
    """A request as it comes out of the middleware; `htmx=True` asks for a part."""

    def asks(
        path: str = "/", *, htmx: bool = False, post: dict[str, object] | None = None
    ) -> HttpRequest:
        headers = {"HX-Request": "true"} if htmx else {}
        request = (
            rf.get(path, headers=headers)
            if post is None
            else rf.post(path, post, headers=headers)
        )
        request.user = AnonymousUser()
        request.session = SessionStore()
        HtmxMiddleware(nothing)(request)
        request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
        return request

    return asks

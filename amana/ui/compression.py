"""Pages in a fifth of their bytes, where their size reveals no secret (ADR 0075).

BREACH needs three things in one compressed answer: a secret, text that the attacker
chose, and many tries whose length the attacker sees. A page of a person is the secret,
and a search that a link fills in would be the text; so what another site's page asked
for, or a form sent, is not compressed."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

OURS = frozenset({"same-origin", "none"})
"""Who asked, as the browser says: a page of ours, or the person, by typing or a
bookmark. Another host of the same domain is not ours, although it gets the cookies."""


class CompressionMiddleware(GZipMiddleware):
    """Compress whole pages, and add up to a hundred bytes at random to each."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not may_compress(request, response):
            return response
        return super().process_response(request, response)


def may_compress(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Check whether this is a page that is opened from here, and not a stream or a
    file."""
    return (
        request.method == "GET"
        and who_asked(request) in OURS
        and not response.streaming
        and response.headers.get("Content-Type", "").startswith("text/html")
    )


def who_asked(request: HttpRequest) -> str:
    """Return who asked, by the browser's own header. Those from before 2023 may not
    send it: then what has a session may be asked for by another host of our domain,
    which gets the cookies too."""
    # Without a session the answer holds no secret of a person that lengths could show.
    silent = "" if settings.SESSION_COOKIE_NAME in request.COOKIES else "none"
    return request.headers.get("Sec-Fetch-Site", silent)

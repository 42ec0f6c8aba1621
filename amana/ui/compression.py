"""Pages in a fifth of their bytes, where nobody can measure a secret by it (ADR 0075).

BREACH needs three things in one compressed answer: a secret, text that the attacker
chose, and many tries whose length the attacker sees. A page of a person is the secret,
and a search that a link fills in would be the text; so what another site's page asked
for, or a form sent, is not compressed."""

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
    """Whether this is a page that is opened from here, and not a stream or a file.

    Browsers older than 2023 may not say who asked. Their cookies don't come along from
    another site either (SameSite=Strict), so what that could ask for has no secret."""
    return (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Site", "none") in OURS
        and not response.streaming
        and response.headers.get("Content-Type", "").startswith("text/html")
    )

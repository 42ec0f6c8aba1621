"""`HEAD` answers as `GET` does, without the body (RFC 9110, 9.3.2), on every page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from amana.ui.streams import GOES_ON


class HeadMiddleware:
    """To all within it is `GET`: no view can forget it, and none can do more for it.

    An answer that would go on ends."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        response = self.get_response(request)
        if response.streaming:
            response.streaming_content = []  # type: ignore[attr-defined]
        else:
            length = len(response.content)
            response.content = b""
            response.headers.setdefault("Content-Length", str(length))
        # The server would keep the answer open for a client that reads no body.
        response.headers.pop(GOES_ON, None)
        return response

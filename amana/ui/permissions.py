"""What of the device a page may use: only what it needs, so that a script that got into
it can use no more. The browser asks its user first, but people tap *Allow*."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

HEADER = "Permissions-Policy"
DENIED = (
    "accelerometer",
    "autoplay",
    "camera",
    "clipboard-read",
    "clipboard-write",
    "compute-pressure",
    "display-capture",
    "encrypted-media",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "keyboard-map",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
"""Not passkeys, and not a picture on the whole screen. Only names that browsers have
known for long: of another one each page complains in the browser's console."""


def build_policy(*used: str) -> str:
    """Deny all but these, which the page itself may use and no frame in it."""
    assert {*used} <= {*DENIED}, used
    return ", ".join(f"{name}=({'self' if name in used else ''})" for name in DENIED)


def allow_device[**Asked](
    *used: str,
) -> Callable[[Callable[Asked, HttpResponse]], Callable[Asked, HttpResponse]]:
    """Allow the page of a view to use a part of the device."""
    allowed = build_policy(*used)

    def decorate(view: Callable[Asked, HttpResponse]) -> Callable[Asked, HttpResponse]:
        @wraps(view)
        def answer(*args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponse:
            response = view(*args, **kwargs)
            response.headers[HEADER] = allowed
            return response

        return answer

    return decorate


class PermissionsMiddleware:
    """Deny what no view has asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self.policy)
        return response

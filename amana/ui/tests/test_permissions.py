"""A page uses nothing of the device but what it needs, whatever script got into it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client

from amana.ui.permissions import (
    DENIED,
    HEADER,
    PermissionsMiddleware,
    allow_device,
    build_policy,
)

USES = {
    "getUserMedia": {"camera", "microphone"},
    "getDisplayMedia": {"display-capture"},
    "autoplay": {"autoplay"},
    "geolocation": {"geolocation"},
    "wakeLock": {"screen-wake-lock"},
    "DeviceMotionEvent": {"accelerometer", "gyroscope"},
    "DeviceOrientationEvent": {"accelerometer", "gyroscope"},
    "requestMIDIAccess": {"midi"},
    "PaymentRequest": {"payment"},
    "navigator.usb": {"usb"},
    "navigator.serial": {"serial"},
    "navigator.clipboard.read": {"clipboard-read"},
    "navigator.clipboard.write": {"clipboard-write"},
    "navigator.hid": {"hid"},
    "IdleDetector": {"idle-detection"},
    "requestPictureInPicture": {"picture-in-picture"},
}
"""What a script calls, and what it needs for that."""


def allowed(header: str) -> set[str]:
    """What a header lets the page use; each feature in it is denied or `self`."""
    lists = dict(part.split("=") for part in header.split(", "))
    assert set(lists.values()) <= {"()", "(self)"}
    return {name for name, to in lists.items() if to == "(self)"}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/ui/", "/account/sign-in", "/nothing"])
def test_no_page_may_use_anything_of_the_device(client: Client, address: str) -> None:
    header = client.get(address).headers[HEADER]
    assert allowed(header) == set()
    assert all(f"{name}=()" in header for name in ("camera", "microphone"))
    assert "geolocation=()" in header


def test_a_view_lets_its_own_page_use_what_it_names() -> None:
    @allow_device("camera", "microphone")
    def call(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    @allow_device()
    def quiet(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    through = PermissionsMiddleware(call)
    header = through(HttpRequest()).headers[HEADER]
    assert allowed(header) == {"camera", "microphone"}
    assert len(header.split(", ")) == len(DENIED)
    header = PermissionsMiddleware(quiet)(HttpRequest()).headers[HEADER]
    assert allowed(header) == set()


def test_a_name_that_browsers_do_not_know_is_noticed() -> None:
    with pytest.raises(AssertionError):
        build_policy("kamera")


def test_a_script_uses_only_what_some_view_lets_its_page_use() -> None:
    """A call by a script of ours that no view asked for would just fail."""
    scripts = [
        path
        for path in Path(settings.ROOT / "amana").rglob("*.js")
        if "vendor" not in path.relative_to(settings.ROOT).parts
    ]
    assert len(scripts) > 20
    used = {
        feature
        for path in scripts
        for call, features in USES.items()
        if call in path.read_text()
        for feature in features
    }
    views = [
        path.read_text()
        for path in Path(settings.ROOT / "amana").rglob("*.py")
        if "tests" not in path.relative_to(settings.ROOT).parts
    ]
    asked = {
        name
        for text in views
        for words in re.findall(r"^@allow_device\((.*?)\)", text, re.MULTILINE)
        for name in re.findall(r'"([\w-]+)"', words)
    }
    assert used == asked == {"camera", "microphone", "autoplay"}

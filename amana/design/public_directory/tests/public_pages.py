"""Asking for the pages of the public directory, as someone without an account."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from amana.design.public_directory.listed import find_listed


def get(page: str, *values: object, language: str = "en", **codes: str) -> Any:
    client = Client(enforce_csrf_checks=True)
    names = [language, *values]
    return client.get(reverse(f"public_directory:{page}", args=names), codes)


def read(page: str, *values: object, language: str = "en", **codes: str) -> str:
    response = get(page, *values, language=language, **codes)
    assert not response.cookies
    return str(response.content.decode())


def search(words: str, language: str = "en", **codes: str) -> Any:
    """Search by words, without a cookie and a key of a form."""
    client = Client(enforce_csrf_checks=True)
    address = reverse("public_directory:search", args=[language])
    return client.post(address, {"words": words} | codes)


LISTS = ("find", "needs", "places", "spoken", "leaflet", "embedded")


def read_all(areas: list[str], words: list[str]) -> Iterator[tuple[str, str]]:
    """Read each page there is, under what it shows."""
    yield "start", read("start_in")
    for page in LISTS:
        for area in ("", *areas):
            for need in ("", "SH1", "HE"):
                name = f"{page} {area} {need}"
                yield name, read(page, area=area, need=need)
    for typed in words:
        yield f"search {typed}", search(typed).content.decode()
    for pk in find_listed().order_by("pk").values_list("pk", flat=True):
        yield f"service {pk}", read("service", pk)
        yield f"text {pk}", read("text", pk)


def roll_back() -> None:
    transaction.set_rollback(True)

"""The form of a screening as a browser sends it."""

from typing import Any
from uuid import uuid4

from django.urls import reverse


def url(name: str, *of: Any) -> str:
    return reverse(f"screening:{name}", args=of)


def finished(**answers: str) -> dict[str, str]:
    """A form as the window sends it."""
    instance = str(uuid4())
    return {
        "_once": instance,
        "form:instance": f"uuid:{instance}",
        "form:to": "finish",
        "form:step": "0",
        "form:off": "",
        **answers,
    }

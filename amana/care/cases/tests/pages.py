"""What the tests of pages share: a browser for someone, and what stands on a page."""

import html
import re
from typing import Any

from django.test import Client

from amana import given
from amana.trust.access.models import User
from amana.ui.once import make_form_key


def browser(user: User) -> Client:
    return given.sign_in(user)


def text_of(response: Any) -> str:
    """The words of a page, as they are read."""
    page = re.sub(
        r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S
    )
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def post(client: Client, url: str, data: Any = None, **more: Any) -> Any:
    """Send a form with a key of its own."""
    return client.post(url, (data or {}) | make_form_key(), **more)

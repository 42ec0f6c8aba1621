"""Open the pages of services, and fill in their form."""

import re

from django.urls import reverse

from amana import given
from amana.design.directory.actions import verifying
from amana.design.directory.models import VerificationRequest
from amana.ui.once import make_form_key

HTMX = {"HX-Request": "true"}
STREET = "17 Almond Street"
MAILBOX = "desk@example.org"
PHONE = "+1 555 0199"


def page(user, name, *args, query="", **options):
    url = reverse(f"directory:{name}", args=args) + query
    return given.sign_in(user).get(url, **options)


def send_form(user, name, *args, **said):
    """Send the form of a page, as a browser does."""
    url = reverse(f"directory:{name}", args=args)
    return given.sign_in(user).post(url, said | make_form_key())


def html_of(response) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def filled_in(html: str) -> dict[str, list[str]]:
    """What a browser would send from the form on the page."""
    sent: dict[str, list[str]] = {}
    form = html[html.index('class="form"') :]
    for tag in re.findall(r"<input [^>]+>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        empty = "on" if said.get("type") == "checkbox" else ""
        ticked = said.get("type") not in ("checkbox", "radio") or " checked" in tag
        if ticked and said.get("name"):
            sent.setdefault(said["name"], []).append(said.get("value", empty))
    for name, inside in re.findall(
        r'<select name="(\w+)".*?>(.*?)</select>', form, re.S
    ):
        first = r'<option value="([^"]*)"'
        chosen = re.search(first + " selected", inside) or re.search(first, inside)
        sent[name] = [chosen[1] if chosen else ""]
    for name, text in re.findall(
        r'<textarea name="(\w+)"[^>]*>\n?(.*?)</textarea>', form, re.S
    ):
        sent[name] = [text]
    return sent


def find_path(mail) -> str:
    [found] = set(re.findall(r"https?://[^/\s]+(/directory/check/\S+)", mail.body))
    return str(found)


def find_asked(token) -> VerificationRequest:
    found = verifying.find_request(token)
    assert found is not None
    return found

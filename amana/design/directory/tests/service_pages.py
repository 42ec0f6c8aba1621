"""Open the pages of services, and fill in their form."""

import re

from django.urls import reverse

from amana import given

HTMX = {"HX-Request": "true"}
STREET = "17 Almond Street"


def page(user, name, *args, query="", **options):
    url = reverse(f"directory:{name}", args=args) + query
    return given.sign_in(user).get(url, **options)


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

"""Templates and style sheets: nothing inline, nothing from elsewhere, no left or right.

The content security policy would stop most of it in the browser; here it stops earlier.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.code import PRODUCT, where

IN_TEMPLATES = {
    "inline style": r"<style\b|\sstyle\s*=",
    "inline script": r"<script\b(?![^>]*\bsrc=)",
    "inline handler": r"\son[a-z]+\s*=\s*[\"']",
    "script in an address": r"javascript:",
    "htmx code in an attribute": r"\shx-on[:-]|\shx-vals\s*=\s*[\"']js:",
    "something from elsewhere": r"\b(?:src|srcset|action|data)\s*=\s*"
    r"[\"'](?:https?:)?//|<link\b[^>]*href\s*=\s*[\"'](?:https?:)?//",
    "unescaped text": r"\|\s*safe\b|\bautoescape\s+off\b",
    "left or right": r"\b(?:(?:text|float)-(?:left|right)|[mp][lr]-\d)\b",
}
IN_STYLES = {
    "left or right": r"\b(?:margin|padding|border)-(?:left|right)\b"
    r"|(?:^|[{;\s])(?:left|right)\s*:"
    r"|\b(?:text-align|float|clear)\s*:\s*(?:left|right)\b",
    "something from elsewhere": r"@import|url\(\s*[\"']?(?:https?:)?//",
}


IN_SCRIPTS = {
    "text that becomes a program": r"\beval\s*\(|\bnew Function\b|document\.write"
    r"|set(?:Timeout|Interval)\s*\(\s*[\"'`]",
    "a message to any page": r"\b(?:parent|opener|top|contentWindow)\.postMessage",
    "a message of any page": r"\b(?:window|globalThis)\.addEventListener"
    r"\(\s*[\"']message",
    "markup": r"\b(?:inner|outer)HTML\s*=|insertAdjacentHTML",
}
MARKUP_OF_OURS = {
    # a button of fixed words
    "amana/care/cases/static/cases/find_need.js",
    # a part of this page, copied, with another number
    "amana/care/meetings/static/meetings/meeting.js",
    "amana/design/forms/static/forms/page.js",
    # a part that the server has drawn, and escaped
    "amana/academy/sessions/static/sessions/room.js",
    "amana/trust/vault/static/vault/idle.js",
}


def scripts() -> Iterator[Path]:
    for path in sorted(PRODUCT.rglob("*.js")):
        if "vendor" not in path.relative_to(PRODUCT).parts:
            yield path


def templates() -> Iterator[Path]:
    yield from sorted(PRODUCT.rglob("templates/**/*.html"))


def styles() -> Iterator[Path]:
    for path in sorted(PRODUCT.rglob("static/**/*.css")):
        if "vendor" not in path.relative_to(PRODUCT).parts:
            yield path


def lines(path: Path, forbidden: str) -> Iterator[str]:
    text = re.sub(r"\{#.*?#\}|/\*.*?\*/", blank, path.read_text(), flags=re.S)
    for found in re.finditer(forbidden, text, flags=re.M | re.I):
        yield f"{where(path)}:{text.count('\n', 0, found.start()) + 1}"


def blank(comment: re.Match[str]) -> str:
    return re.sub(r"\S", " ", comment[0])


@pytest.mark.parametrize("what", IN_TEMPLATES)
def test_no_template_has(what: str) -> None:
    found = [line for path in templates() for line in lines(path, IN_TEMPLATES[what])]
    assert found == []


@pytest.mark.parametrize("what", IN_STYLES)
def test_no_style_sheet_has(what: str) -> None:
    found = [line for path in styles() for line in lines(path, IN_STYLES[what])]
    assert found == []


@pytest.mark.parametrize("what", IN_SCRIPTS)
def test_no_script_has(what: str) -> None:
    found = {where(path) for path in scripts() if any(lines(path, IN_SCRIPTS[what]))}
    assert found == (MARKUP_OF_OURS if what == "markup" else set())


@pytest.mark.parametrize("what", IN_SCRIPTS)
def test_each_rule_of_scripts_notices_what_it_forbids(what: str) -> None:
    planted = {
        "text that becomes a program": "setTimeout('go()', 10)",
        "a message to any page": 'parent.postMessage(secret, "*")',
        "a message of any page": 'window.addEventListener("message", read)',
        "markup": "box.innerHTML = said;",
    }
    assert re.search(IN_SCRIPTS[what], planted[what])


PLANTED = {
    "inline style": '<p style="color: red">',
    "inline script": "<script nonce='x'>go()</script>",
    "inline handler": '<a onclick="go()">',
    "script in an address": '<a href="javascript:go()">',
    "htmx code in an attribute": '<a hx-on:click="go()">',
    "something from elsewhere": '<link rel="stylesheet" href="//cdn.example/a.css">',
    "unescaped text": "{{ note|safe }}",
    "left or right": '<p class="text-right">',
}


@pytest.mark.parametrize("what", IN_TEMPLATES)
def test_each_rule_notices_what_it_forbids(what: str) -> None:
    assert re.search(IN_TEMPLATES[what], PLANTED[what], flags=re.M | re.I)


def test_the_style_rule_notices_left_and_right() -> None:
    for css in ("a { left: 0 }", "margin-right: 1px", "text-align: left"):
        assert re.search(IN_STYLES["left or right"], css, flags=re.M)
    assert not re.search(IN_STYLES["left or right"], "border-inline-start: 1px")


def test_no_template_hides_another() -> None:
    names = [
        path.relative_to(PRODUCT).as_posix().partition("/templates/")[2]
        for path in templates()
    ]
    assert [name for name in set(names) if names.count(name) > 1] == []

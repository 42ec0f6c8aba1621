"""What an operator can set or run is written down, in words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.core.management import get_commands, load_command_class

from amana.insight.measure.library.reading import load_library
from amana.schedule import TIMERS
from tests.architecture.code import PRODUCT, ROOT, called, calls, tree

READS = {"is_on", "read_secret", "get", "getenv"}


def environment() -> set[str]:
    """Find all environment variables that the settings and ./run read."""
    return set(re.findall(r"\bAMANA_[A-Z]+", (ROOT / "run").read_text())) | {
        str(name.value)
        for call in calls(tree(PRODUCT / "settings.py"))
        if called(call) in READS and call.args
        for name in [call.args[0]]
        if isinstance(name, ast.Constant) and str(name.value).isupper()
    }


def pages(folder: str) -> Iterator[Path]:
    return (ROOT / "docs" / folder).rglob("*.md")


def test_every_setting_is_in_the_manual() -> None:
    names = environment()
    manual = (ROOT / "docs/operations/settings.md").read_text()
    assert {"SECRET_KEY", "DATABASE_URL", "AMANA_VAR"} <= names
    assert [name for name in sorted(names) if f"`{name}`" not in manual] == []


def test_the_manual_knows_no_setting_that_is_gone() -> None:
    manual = (ROOT / "docs/operations/settings.md").read_text()
    rows = [line.split("|")[1].strip() for line in manual.splitlines() if "| `" in line]
    assert [row for row in rows if row.strip("`") not in environment()] == []


def our_commands() -> dict[str, str]:
    return {
        name: app for name, app in get_commands().items() if app.startswith("amana.")
    }


def test_every_command_says_what_it_does() -> None:
    assert [
        name
        for name, app in our_commands().items()
        if not load_command_class(app, name).help.strip().endswith(".")
    ] == []


def test_every_command_is_in_the_manual() -> None:
    manual = "".join(
        page.read_text()
        for folder in ("manual", "operations")
        for page in pages(folder)
    )
    assert [name for name in our_commands() if name not in manual] == []


def test_what_the_clock_starts_exists() -> None:
    assert {timer.command for timer in TIMERS} <= get_commands().keys()


def test_the_manual_says_what_each_timer_does() -> None:
    manual = (ROOT / "docs/operations/running.md").read_text()
    [part] = re.findall(r"^## What runs by the clock$(.*?)^## ", manual, re.M | re.S)
    rows = re.findall(r"^\| `(\w+)` \|", part, re.M)
    assert sorted(rows) == sorted(timer.command for timer in TIMERS)


def test_the_manual_counts_the_indicators() -> None:
    counted = f"There are {len(load_library())} indicators."
    assert counted in (ROOT / "docs/manual/figures.md").read_text()


def test_decisions_are_half_a_page() -> None:
    """Context, decision, consequence; more is a manual, not a decision."""
    decisions = sorted(pages("decisions"))
    assert len(decisions) >= 4
    for decision in decisions:
        text = decision.read_text()
        assert [h for h in text.splitlines() if h.startswith("## ")] == [
            "## Context",
            "## Decision",
            "## Consequence",
        ], decision.name
        assert len(text.split()) <= 350, decision.name


def test_every_link_between_pages_leads_somewhere() -> None:
    pages_ = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert [
        f"{page.name}: {link}"
        for page in pages_
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
        if "://" not in link and not (page.parent / link).exists()
    ] == []

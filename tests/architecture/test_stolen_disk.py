"""The manual says all that stands in the clear about a person, and nothing besides
(P01)."""

import re
from pathlib import Path

from django.apps import apps

from amana.privacy import Privacy

PAGE = Path(__file__).parents[2] / "docs/manual/stolen-disk.md"
ROW = re.compile(r"^\| `(\w+\.\w+)` \| ((?:`\w+`(?:, )?)+) \|", re.MULTILINE)
BEFORE_THE_PAGE = re.compile(r"\]\(stolen-disk\.md\)")


def said() -> set[str]:
    """Each column that the page's table names, as `app.Model.column`."""
    rows = ROW.findall(PAGE.read_text())
    return {
        f"{label}.{name}" for label, names in rows for name in re.findall(r"\w+", names)
    }


def kept_in_the_clear() -> set[str]:
    """Each column that says something of a person's health, journey or risk."""
    return {
        f"{model._meta.label}.{name}"
        for model in apps.get_models()
        if model.__module__.startswith("amana.")
        for name, kind in vars(model.Privacy).items()  # type: ignore[attr-defined]
        if kind is Privacy.SENSITIVE
    }


def test_the_page_names_each_column_that_a_stolen_disk_tells() -> None:
    assert sorted(kept_in_the_clear() - said()) == []


def test_the_page_names_no_column_that_is_sealed_or_gone() -> None:
    assert sorted(said() - kept_in_the_clear()) == []
    assert len(said()) > 60


def test_the_page_is_found_where_keys_are_explained() -> None:
    for page in ("keys.md", "README.md"):
        assert BEFORE_THE_PAGE.search((PAGE.parent / page).read_text()), page

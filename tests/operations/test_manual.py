"""What the manual says to type is what is typed on a fresh Debian each night."""

import pytest

from tests.operations import manual
from tests.operations.fresh_debian import WITHIN, story
from tests.operations.manual import BLOCK, DATABASES, FOLDER, Section, blocks, sections

PAGES = ["backup", "install", "key-ceremony", "upgrade"]


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_manual_is_tried(page: str, database: str) -> None:
    steps = story(database)
    tried = {step for step in steps if isinstance(step, Section)}
    tried |= {section for section, step in WITHIN.items() if step in steps}
    found = sections(page, database)
    assert found
    assert [section.heading for section in found if section not in tried] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_command_can_be_typed_as_it_is(page: str) -> None:
    """No “…” to be filled in: what is followed word for word has to work."""
    found = BLOCK.findall((FOLDER / f"{page}.md").read_text())
    assert [block for _whose, block in found if "…" in block] == []


@pytest.mark.parametrize("page", PAGES)
def test_each_command_is_for_all_or_for_a_database_that_there_is(page: str) -> None:
    found = BLOCK.findall((FOLDER / f"{page}.md").read_text())
    assert {whose for whose, _block in found} <= {"", *DATABASES}


def test_a_section_is_read_up_to_the_next(tmp_path, monkeypatch) -> None:
    one = "## One\n\n1. Then\n\n   ```sh\n   a\n   b\n   ```\n"
    two = "## Two\n\n```sh sqlite\nc\n```\n\n```sh postgresql\nd\n```\n"
    three = "## Three\n\n```sh postgresql\ne\n```\n"
    (tmp_path / "p.md").write_text(f"# P\n\n{one}\n{two}\n{three}")
    monkeypatch.setattr(manual, "FOLDER", tmp_path)
    assert blocks(Section("p", "One"), "sqlite") == ["a\nb\n"]
    assert blocks(Section("p", "Two"), "sqlite") == ["c\n"]
    assert blocks(Section("p", "Two"), "postgresql") == ["d\n"]
    assert [s.heading for s in sections("p", "sqlite")] == ["One", "Two"]
    assert [s.heading for s in sections("p", "postgresql")] == ["One", "Two", "Three"]
    with pytest.raises(LookupError, match="Four"):
        blocks(Section("p", "Four"), "sqlite")

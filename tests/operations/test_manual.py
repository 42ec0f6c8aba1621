"""What the manual says to type is what is typed on a fresh Debian each night."""

import pytest

from tests.operations import manual
from tests.operations.fresh_debian import STORY, WITHIN
from tests.operations.manual import Section, blocks, sections

PAGES = ["backup", "install", "key-ceremony", "upgrade"]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_manual_is_tried(page: str) -> None:
    tried = {step for step in STORY if isinstance(step, Section)}
    tried |= {section for section, step in WITHIN.items() if step in STORY}
    found = sections(page)
    assert found
    assert [section.heading for section in found if section not in tried] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_command_can_be_typed_as_it_is(page: str) -> None:
    """No “…” to be filled in: what is followed word for word has to work."""
    lines = [line for s in sections(page) for block in blocks(s) for line in block]
    assert "…" not in lines


def test_a_section_is_read_up_to_the_next(tmp_path, monkeypatch) -> None:
    one = "## One\n\n1. Then\n\n   ```sh\n   a\n   b\n   ```\n"
    two = "## Two\n\n```sh\nc\n```\n"
    (tmp_path / "p.md").write_text(f"# P\n\n{one}\n{two}")
    monkeypatch.setattr(manual, "FOLDER", tmp_path)
    assert blocks(Section("p", "One")) == ["a\nb\n"]
    assert [section.heading for section in sections("p")] == ["One", "Two"]
    with pytest.raises(LookupError, match="Three"):
        blocks(Section("p", "Three"))

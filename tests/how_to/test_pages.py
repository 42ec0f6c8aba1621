"""Each how-to works: it fits the house of today, and at night it is followed."""

from contextlib import suppress
from pathlib import Path

import pytest

from tests.architecture.code import ROOT
from tests.how_to import pages
from tests.how_to.pages import LAST, Block, Copy, Misfit, Step, read_steps

NAMES = pages.names()
FORGETTABLE = [
    pytest.param(name, step, id=f"{name}: {step.title}")
    for name in NAMES
    for step in read_steps(name)
    if step.noticed_by
]


@pytest.fixture(scope="session")
def prototype(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy.make(tmp_path_factory.mktemp("prototype"))


@pytest.fixture
def copy(prototype: Copy, tmp_path: Path) -> Copy:
    return prototype.copy(tmp_path)


def test_there_is_a_page_for_each_frequent_change() -> None:
    asked = {"field-on-a-referral", "indicator", "question-type", "language", "role"}
    assert asked <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_block_fits_the_house_of_today(name: str) -> None:
    blocks = [block for step in read_steps(name) for block in step.blocks]
    assert blocks
    pages.change_texts(pages.read_texts(ROOT, blocks), blocks)


@pytest.mark.parametrize("name", NAMES)
def test_each_page_ends_with_a_proof(name: str) -> None:
    *_before, last = read_steps(name)
    assert last.title == LAST
    assert any("pytest" in block.body for block in last.blocks if block.kind == "sh")


@pytest.mark.parametrize("name", NAMES)
def test_each_test_that_notices_something_is_there(name: str) -> None:
    steps = read_steps(name)
    blocks = [block for step in steps for block in step.blocks]
    there = pages.change_texts(pages.read_texts(ROOT, blocks), blocks)
    files = [step.noticed_by.split()[0] for step in steps if step.noticed_by]
    assert files
    there |= {"python": ""}
    assert [f for f in files if f not in there and not (ROOT / f).exists()] == []


@pytest.mark.nightly
@pytest.mark.parametrize("name", NAMES)
def test_who_follows_a_page_gets_what_it_promises(name: str, copy: Copy) -> None:
    for step in read_steps(name):
        copy.follow(step)
    copy.check("ruff check -q . && ruff format --check -q .")


@pytest.mark.nightly
@pytest.mark.parametrize(("name", "left_out"), FORGETTABLE)
def test_a_step_that_is_forgotten_is_noticed(
    name: str, left_out: Step, copy: Copy
) -> None:
    for step in read_steps(name):
        if step not in (left_out, read_steps(name)[-1]):
            # A text that was not written cannot be translated either.
            with suppress(Misfit):
                copy.follow(step)
    assert copy.fails(left_out.noticed_by)


# --- reading and applying, on small pages

PAGE = """# How

## 1. Change

```diff a.py
 one
-two
+three
@@
 four
+five
```

*Forgotten?* `tests/test_a.py` fails.

## 2. Nothing to do

Only words.

## 3. Type

```python b.py
six
```

```sh
true
```
"""


def test_a_page_is_read_step_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.md").write_text(PAGE)
    monkeypatch.setattr(pages, "FOLDER", tmp_path)
    first, last = read_steps("page")
    assert (first.title, first.noticed_by) == ("1. Change", "tests/test_a.py")
    assert last.blocks == (Block("python", "b.py", "six\n"), Block("sh", "", "true\n"))
    assert pages.change_texts({"a.py": "one\ntwo\nfour\n"}, first.blocks) == {
        "a.py": "one\nthree\nfour\nfive\n"
    }


@pytest.mark.parametrize(
    ("text", "block", "fault"),
    [
        ("two\n", Block("diff", "a.py", " one\n+x\n"), "no places"),
        ("one\none\n", Block("diff", "a.py", " one\n+x\n"), "2 places"),
        ("one\n", Block("python", "a.py", "two\n"), "there already"),
    ],
)
def test_a_block_that_does_not_fit_is_named(
    text: str, block: Block, fault: str
) -> None:
    with pytest.raises(Misfit, match=fault):
        pages.change_texts({"a.py": text}, [block])

"""What is measured of our words and files is found, and none of it becomes worse."""

import shutil
from pathlib import Path

import pytest

from tools import measures
from tools.measures import MEASURES, SETTINGS, Measured, Result
from tools.measuring.settings import Exemption, Settings, read_settings
from tools.measuring.source import House
from tools.measuring.texts import AvoidedWords

PACKAGE = "tinyhouse"

PLANTED = {
    "pyproject.toml": f"""
[tool.importlinter]
root_package = "{PACKAGE}"
[[tool.importlinter.contracts]]
name = "Wings look down"
type = "layers"
containers = ["{PACKAGE}"]
layers = ["(attic)", "care : academy", "trust | design"]
""",
    "tinyhouse/__init__.py": "",
    "tinyhouse/care/__init__.py": "",
    "tinyhouse/care/models.py": '''
"""Of a module's docstring nothing is asked."""
from typing import Any
import typing
from tinyhouse.care import words

# A comment alone in its line.
TEXT = """
# No comment: a line of a text.
"""

class Case:
    """Nor of a class's."""

    class Meta:
        pass

    @property
    def reference(self) -> str:
        """What it is called."""
        return "A-1"

    def close(self, by: Any, why: typing.Any) -> Any:  # no line of its own
        """Close the case."""

class Command:
    pass
''',
    "tinyhouse/care/words.py": '''
def list_cases(cases):
    """List the cases that are open."""
    from tinyhouse.care.models import Case
    for one in cases:
        yield [one for one in one.parts for two in one]

def open_cases():
    """The cases that are open."""
def order_cases():
    """Order of the cases, by time."""
def may_open():
    """`may` answers yes or no."""
def _hidden():
    """Answer of nobody."""
def order_of():
    pass
def found():
    pass
def order():
    pass
@register.filter
def badge(value):
    pass
def page(request):
    pass
def main():
    pass
''',
    "tinyhouse/care/referrals/__init__.py": "from tinyhouse.attic import given",
    "tinyhouse/care/referrals/models.py": "class Case: ...\nclass Command: ...",
    "tinyhouse/care/referrals/words.py": "",
    "tinyhouse/academy/__init__.py": "",
    "tinyhouse/academy/courses.py": "class Case: ...",
    "tinyhouse/attic/__init__.py": "",
    "tinyhouse/attic/given.py": "",
    "tinyhouse/trust/__init__.py": "from tinyhouse import design",
    "tinyhouse/design/__init__.py": "",
    "tinyhouse/care/tests/__init__.py": "",
    "tinyhouse/care/tests/words.py": "import tinyhouse.attic\nclass Case: ...\nx: Any",
    "tinyhouse/care/tests/test_all.py": "for one, other in []: ...\n",
    "tinyhouse/care/migrations/0001.py": "for one in []: ...\n" * 500,
    "tests/test_long.py": "x = 1\n" * 401,
    "tools/short.py": "x = 1\n" * 400,
    "courses/first/modules/1-telling/module.yaml": "",
    "tinyhouse/locale/fr/LC_MESSAGES/django.po": """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

#: tinyhouse/care/models.py tinyhouse/care/words.py
msgid "Somebody came. It stands here."
msgstr ""

#: tinyhouse/care/words.py
msgid "%(said)s: <b class='stand'>outstanding</b>, a stand-by; understood"
msgstr ""

#: tinyhouse/care/words.py
msgid "%(n)s waits"
msgid_plural "%(n)s: what came  of\\n them"
msgstr[0] ""
msgstr[1] ""
""",
    "tinyhouse/care/templates/care/page.html": """
{% comment %}Nobody reads this.{% endcomment %}
{% translate "Nobody" %} {% blocktranslate %}nobody{% endblocktranslate %}
<p class="say"
   title="{{ nobody }}">Look at
  this</p>
<!-- tell --><style>.beside {}</style>
<h1>The rest</h1>
""",
    "docs/manual/page.md": """
# A page

Write the reasons
down, `say`, [a link](tell.md).

```
nobody
```

| Who | What |
|---|---|
| A team | goes on |

Look for the team at work. Put the right file there.
""",
    "docs/security/page.md": "Nobody looks here.",
    "docs/decisions/0001.md": "“Nobody knows”, they wrote.",
    "mechanisms/a/pathway.yaml": """
nobody:
  - id: standing
  - title: {en: Whoever is there, fr: Nobody}
""",
    "mechanisms/a/people.toml": 'name = "Let her rest"\nname_fr = "let"',
    "mechanisms/a/sop/en/1.md": "Put it right.",
    "mechanisms/a/sop/fr/1.md": "Nobody.",
}

FOUND = {
    "avoided_words": [
        "tinyhouse/care/models.py: [somebody, stand~] Somebody came. It stands here.",
        "tinyhouse/care/words.py: [come~ of] %(n)s waits / %(n)s: what came of them",
        "tinyhouse/care/templates/care/page.html:5: [look~ … at] Look at this",
        "docs/manual/page.md:4: [write~ … down] Write the reasons down, …, a link.",
        "docs/manual/page.md:13: [go~ on] goes on",
        "docs/decisions/0001.md:1: [nobody] “Nobody knows”, they wrote.",
        "mechanisms/a/pathway.yaml:4: [whoever] Whoever is there",
        "mechanisms/a/people.toml: [let~] Let her rest",
        "mechanisms/a/sop/en/1.md:1: [put~ … right] Put it right.",
    ],
    "one_loops": [
        "tinyhouse/care/tests/test_all.py:1: for one, other in []: ...",
        "tinyhouse/care/words.py:5: for one in cases:",
        "tinyhouse/care/words.py:6: yield [one for one in one.parts for two in one]",
    ],
    "class_names": [
        "tinyhouse/care/models.py:12: Case, 2 times in care: tinyhouse/care/models.py, "
        "tinyhouse/care/referrals/models.py"
    ],
    "module_names": [
        "tinyhouse/care/referrals/words.py:1: words, 2 times in care: "
        "tinyhouse/care/referrals/words.py, tinyhouse/care/words.py"
    ],
    "module_ids": [
        "tinyhouse/care/referrals/words.py: words → labels",
        "tinyhouse/care/words.py: words → labels",
        "courses/first/modules/1-telling: 1-telling → labels",
    ],
    "function_names": [
        "tinyhouse/care/words.py:16: order_of",
        "tinyhouse/care/words.py:18: found",
        "tinyhouse/care/words.py:20: order",
    ],
    "docstrings": [
        "tinyhouse/care/words.py:9: open_cases: The cases that are open.",
        "tinyhouse/care/words.py:11: order_cases: Order of the cases, by time.",
        "tinyhouse/care/words.py:13: may_open: `may` answers yes or no.",
        "tinyhouse/care/words.py:15: _hidden: Answer of nobody.",
    ],
    "comments": [],
    "long_files": ["tests/test_long.py: 401 lines"],
    "any_lines": [
        "tinyhouse/care/models.py:23: def close(self, by: Any, why: typing.Any) -> Any:"
        "  # no line of its own"
    ],
    "circles": [
        "tinyhouse/care/models.py: 2 modules: tinyhouse.care.models → "
        "tinyhouse.care.words → tinyhouse.care.models"
    ],
    "upward": [
        "tinyhouse/care/__init__.py: tinyhouse.care → tinyhouse.attic",
        "tinyhouse/trust/__init__.py: tinyhouse.trust → tinyhouse.design",
    ],
}


def lines_of_source() -> int:
    return sum(
        text.count("\n")
        for path, text in PLANTED.items()
        if path.endswith(".py") and path.startswith(PACKAGE)
        if "tests" not in path and "migrations" not in path
    )


VALUES = {
    "docstrings": 33.3,  # two of six
    "comments": 1000 / lines_of_source() // 0.1 / 10,
    "source_lines": lines_of_source(),
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """A small house of its own, measured."""
    root = tmp_path_factory.mktemp("house")
    for name, text in PLANTED.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    settings: Settings = {**read_settings(SETTINGS), "exceptions": []}
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(root)
        results = measures.take_all(Measured(House(root, PACKAGE), settings))
    return {result.measure.name: result for result in results}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_planted_is_found_and_nothing_else(
    planted: dict[str, Result], name: str
) -> None:
    found = [str(place) for place in planted[name].places]
    assert sorted(found) == sorted(FOUND[name])
    assert planted[name].today == VALUES.get(name, len(found))


def test_lines_are_counted_and_the_longest_files_come_first(
    planted: dict[str, Result],
) -> None:
    assert planted["source_lines"].today == VALUES["source_lines"]
    assert planted["source_lines"].places[0].path == "tinyhouse/care/words.py"


def test_each_measure_is_tried() -> None:
    assert {*FOUND, "source_lines"} == MEASURES.keys()
    assert read_settings(SETTINGS)["measures"].keys() == MEASURES.keys()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What came of it", ["come~ of"]),
        ("Look again at them", ["look~ … at"]),
        ("Look after them at night", []),
        ("Put rows right", ["put~ … right"]),
        ("Put the right row first", []),
        ("It’s nobody’s", ["nobody"]),
        ("Outstanding; a stand-in; saying", ["say~"]),
        ("TELL", ["tell~"]),
    ],
)
def test_words_are_known_by_their_inflections(text: str, words: list[str]) -> None:
    settings = read_settings(SETTINGS)
    avoided = AvoidedWords(settings["avoided"], settings["irregular"])
    assert avoided.find_in(text) == words


def result(name: str, today: float, settings: Settings) -> Result:
    return Result(MEASURES[name], today, settings["measures"][name], [], [])


@pytest.mark.parametrize(
    ("name", "baseline", "worse", "better"),
    [("one_loops", 10, 11, 9), ("comments", 4.5, 4.4, 4.6)],
)
def test_what_became_worse_is_reported_and_what_became_better_is_kept(
    tmp_path: Path, name: str, baseline: float, worse: float, better: float
) -> None:
    path = tmp_path / "measures.toml"
    shutil.copy(SETTINGS, path)
    settings = read_settings(path)
    settings["measures"][name]["baseline"] = baseline
    assert not result(name, baseline, settings).is_worse
    assert result(name, worse, settings).is_worse
    assert f"--list {name}`" in result(name, worse, settings).explain()

    before = path.read_text()
    for today in (worse, better):
        kept = measures.keep_better([result(name, today, settings)])
        measures.write_baseline(kept, path)
        assert (path.read_text() == before) == (today == worse)
    assert read_settings(path)["measures"][name]["baseline"] == better


def test_a_share_stays_a_share_of_the_first_day(tmp_path: Path) -> None:
    path = tmp_path / "measures.toml"
    shutil.copy(SETTINGS, path)
    settings = read_settings(path)
    settings["measures"]["any_lines"] = {"baseline": 101, "share": 0.5}
    assert not result("any_lines", 51, settings).is_met
    assert not result("any_lines", 102, settings).is_worse
    assert result("any_lines", 50, settings).is_met
    assert measures.keep_better([result("any_lines", 50, settings)]) == []

    measures.write_baseline([result("any_lines", 70, settings)], path)  # --begin
    assert read_settings(path)["measures"]["any_lines"]["baseline"] == 70


def test_an_exception_keeps_what_it_names_and_no_more(tmp_path: Path) -> None:
    for path in ("tinyhouse/care/words.py", "tinyhouse/academy/words.py"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).touch()
    exceptions: list[Exemption] = [
        {"measure": "module_ids", "path": path, "text": text, "reason": "a term"}
        for path, text in [("tinyhouse/care/*", "words"), ("tinyhouse/*", "naming")]
    ]
    settings: Settings = {**read_settings(SETTINGS), "exceptions": exceptions}

    taken = MEASURES["module_ids"].take(Measured(House(tmp_path, PACKAGE), settings))

    assert [place.path for place in taken.places] == ["tinyhouse/academy/words.py"]
    assert taken.idle == exceptions[1:]


@pytest.fixture(scope="module")
def today() -> list[Result]:
    return measures.take_all(Measured(House(measures.ROOT), read_settings(SETTINGS)))


def test_nothing_becomes_worse_than_the_baseline(today: list[Result]) -> None:
    assert [result.explain() for result in today if result.is_worse] == []


def test_each_exception_says_why_and_is_still_needed(today: list[Result]) -> None:
    exceptions = read_settings(SETTINGS).get("exceptions", [])
    assert all(exemption["reason"] for exemption in exceptions)
    assert {exemption["measure"] for exemption in exceptions} <= MEASURES.keys()
    assert [idle for result in today for idle in result.idle] == []

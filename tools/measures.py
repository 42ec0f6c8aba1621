"""Measure how code and texts are written, against the limits that we set.

python -m tools.measures                 every measure, its limit, its worst places
python -m tools.measures --list NAME     all places of one measure
python -m tools.measures --write         keep what has improved as the new baseline
python -m tools.measures --begin         take all of today as the baseline: once, when
                                         the work begins

`tools/measures.toml` holds the limits, the baseline that no change may fall behind, the
words, and the exceptions with their reasons.
"""

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from math import floor
from pathlib import Path

from tools.measuring.imports import Imports
from tools.measuring.settings import Exemption, Limit, Settings, Verbs, read_settings
from tools.measuring.source import Definition, House, SourceFile
from tools.measuring.texts import AvoidedWords, Place, find_avoided_words

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / "tools/measures.toml"
LONGEST_FILE = 400
EXAMPLES = 5


@dataclass(frozen=True)
class Measured:
    """A house with the rules that it is measured by."""

    house: House
    settings: Settings

    @cached_property
    def imports(self) -> Imports:
        return Imports(self.house.root, self.house.package)

    @cached_property
    def verbs(self) -> Verbs:
        return Verbs(self.settings["verbs"])


type Find = Callable[[Measured], Iterable[Place]]
type Count = Callable[[Measured, list[Place]], float]


@dataclass(frozen=True)
class Measure:
    name: str
    title: str
    find: Find
    """The places, the worst first."""
    count: Count

    def take(self, measured: Measured) -> "Result":
        exceptions = [
            exemption
            for exemption in measured.settings.get("exceptions", [])
            if exemption["measure"] == self.name
        ]
        found = list(self.find(measured))
        places = [
            place
            for place in found
            if not any(is_exempt(place, exemption) for exemption in exceptions)
        ]
        idle = [
            exemption
            for exemption in exceptions
            if not any(is_exempt(place, exemption) for place in found)
        ]
        limit = measured.settings["measures"][self.name]
        return Result(self, self.count(measured, places), limit, places, idle)


def is_exempt(place: Place, exemption: Exemption) -> bool:
    return fnmatch(place.path, exemption["path"]) and exemption["text"] in place.text


@dataclass(frozen=True)
class Result:
    measure: Measure
    today: float
    limit: Limit
    places: list[Place]
    idle: list[Exemption]
    """Exceptions that fit no place any more."""

    @property
    def is_met(self) -> bool:
        return self.compare(self.today, self.goal) >= 0

    @property
    def is_worse(self) -> bool:
        """Tell whether it fell behind. A size may grow with what is built meanwhile:
        only the end of the work holds it."""
        if "share" in self.limit:
            return False
        return self.compare(self.today, self.limit["baseline"]) < 0

    def compare(self, value: float, other: float) -> float:
        """Subtract so that more is better."""
        return value - other if "at_least" in self.limit else other - value

    @property
    def goal(self) -> float:
        if "share" in self.limit:
            return floor(self.limit["baseline"] * self.limit["share"])
        return self.limit.get("at_least", self.limit.get("at_most", 0))

    def write_goal(self) -> str:
        return f"{self.sign} {self.goal:g}"

    @property
    def sign(self) -> str:
        return "≥" if "at_least" in self.limit else "≤"

    def explain(self) -> str:
        """Explain a measure that fell behind its baseline to who made the change."""
        return (
            f"{self.measure.name} ({self.measure.title}): {self.today:g}, but the "
            f"baseline is {self.sign} {self.limit['baseline']:g}. See `./run measures "
            f"--list {self.measure.name}`, in the files that you changed."
        )


MEASURES: dict[str, Measure] = {}


def count_places(measured: Measured, places: list[Place]) -> float:
    return len(places)


def measure(title: str, count: Count = count_places) -> Callable[[Find], Find]:
    """Register what finds a measure's places, under the function's own name."""

    def register(find: Find) -> Find:
        name = find.__name__
        MEASURES[name] = Measure(name, title, find, count)
        return find

    return register


@measure("texts with avoided words")
def avoided_words(measured: Measured) -> Iterator[Place]:
    settings = measured.settings
    yield from find_avoided_words(
        measured.house.root,
        measured.house.package,
        AvoidedWords(settings["avoided"], settings["irregular"]),
    )


@measure("loops over `one`")
def one_loops(measured: Measured) -> Iterator[Place]:
    for file in measured.house.files:
        for line in file.loops_over_one:
            yield Place(file.path, line.number, line.text)


def list_repeated(found: dict[tuple[str, str], list[Place]]) -> Iterator[Place]:
    """List the names that a wing has more than once, the most frequent first."""
    for (wing, name), places in sorted(found.items(), key=lambda entry: -len(entry[1])):
        if len(places) > 1:
            where = ", ".join(place.path for place in places)
            yield Place(
                places[0].path,
                places[0].line,
                f"{name}, {len(places)} times in {wing}: {where}",
            )


@measure("class names twice in a wing")
def class_names(measured: Measured) -> Iterator[Place]:
    found = defaultdict(list)
    for file in measured.house.source:
        for definition in file.findings.classes:
            # Django finds a command by its module and asks for this name.
            if definition.name != "Command":
                place = Place(file.path, definition.line, definition.name)
                found[file.wing, definition.name].append(place)
    yield from list_repeated(found)


@measure("module names twice in a wing")
def module_names(measured: Measured) -> Iterator[Place]:
    canonical = measured.settings["modules"]["canonical"]
    found = defaultdict(list)
    for file in measured.house.source:
        # A command's module is what people type.
        if file.module not in canonical and "commands" not in file.parts:
            found[file.wing, file.module].append(Place(file.path, 1, file.module))
    yield from list_repeated(found)


@measure("modules named by an avoided word")
def module_ids(measured: Measured) -> Iterator[Place]:
    """Find Python's modules and those of courses, whose folders are their ids."""
    instead = measured.settings["modules"]["avoided"]
    root = measured.house.root
    modules = [(file.path, file.module) for file in measured.house.source]
    modules += [
        (folder.relative_to(root).as_posix(), folder.name)
        for folder in sorted(root.glob("courses/*/modules/*"))
    ]
    for path, name in modules:
        for word in re.split(r"[_-]", name):
            if word in instead:
                yield Place(path, 0, f"{name} → {instead[word]}")


@measure("public functions without a verb")
def function_names(measured: Measured) -> Iterator[Place]:
    for file in measured.house.source:
        for function in file.findings.functions:
            if not begins_with_verb(measured, function):
                yield Place(file.path, function.line, function.name)


def begins_with_verb(measured: Measured, function: Definition) -> bool:
    exempt = measured.settings["functions"]
    if (
        function.name.startswith("_")
        or function.name in exempt["names"]
        or function.first_argument in exempt["first_arguments"]
        or function.decorators & exempt["decorators"].keys()
    ):
        return True
    first, following, *_ = [*function.name.split("_"), "", ""]
    return measured.verbs.begin_name(first, following)


def share_of_docstrings(measured: Measured, places: list[Place]) -> float:
    every = sum(len(file.findings.docstrings) for file in measured.house.source)
    return round_down(100 * (every - len(places)) / every) if every else 100


FIRST_WORDS = re.compile(r"^\W*([\w'’-]*)( ?)([\w'’-]*)")


@measure("% of docstrings begin with a verb", share_of_docstrings)
def docstrings(measured: Measured) -> Iterator[Place]:
    for file in measured.house.source:
        for docstring in file.findings.docstrings:
            # What follows on the first word, up to its punctuation, shows a noun.
            [first, space, following] = FIRST_WORDS.findall(docstring.text.lower())[0]
            if not measured.verbs.begin_sentence(first, following if space else ""):
                text = f"{docstring.of}: {docstring.text.splitlines()[0]}"
                yield Place(file.path, docstring.line, text)


def count_comments(measured: Measured, places: list[Place]) -> float:
    source = measured.house.source
    lines = sum(file.lines for file in source)
    return round_down(1000 * sum(f.comments for f in source) / lines) if lines else 0


@measure("comment lines in 1,000", count_comments)
def comments(measured: Measured) -> Iterator[Place]:
    """Find the files that lack the most comments to have what the limit asks."""
    asked = measured.settings["measures"]["comments"]["at_least"] / 1000

    def lack(file: SourceFile) -> float:
        return file.lines * asked - file.comments

    for file in sorted(measured.house.source, key=lack, reverse=True):
        if lack(file) >= 1:
            yield Place(file.path, 0, f"{file.comments} in {file.lines} lines")


@measure(f"files over {LONGEST_FILE} lines")
def long_files(measured: Measured) -> Iterator[Place]:
    for file in sort_by_length(measured.house.files):
        if file.lines > LONGEST_FILE:
            yield Place(file.path, 0, f"{file.lines} lines")


def count_lines(measured: Measured, places: list[Place]) -> float:
    return sum(file.lines for file in measured.house.source)


@measure("source lines", count_lines)
def source_lines(measured: Measured) -> Iterator[Place]:
    for file in sort_by_length(measured.house.source):
        yield Place(file.path, 0, f"{file.lines} lines")


def sort_by_length(files: Iterable[SourceFile]) -> list[SourceFile]:
    return sorted(files, key=lambda file: file.lines, reverse=True)


@measure("lines with `Any`")
def any_lines(measured: Measured) -> Iterator[Place]:
    for file in sorted(measured.house.source, key=lambda f: -len(f.uses_of_any)):
        for line in file.uses_of_any:
            yield Place(file.path, line.number, line.text)


@measure("circles of imports")
def circles(measured: Measured) -> Iterator[Place]:
    yield from measured.imports.find_circles()


@measure("imports that point up")
def upward(measured: Measured) -> Iterator[Place]:
    yield from measured.imports.find_upward()


def round_down(value: float) -> float:
    """Keep one decimal, so that a value just below a limit does not meet it."""
    return floor(value * 10) / 10


def take_all(measured: Measured) -> list[Result]:
    return [measure.take(measured) for measure in MEASURES.values()]


def write_table(results: list[Result]) -> Iterator[str]:
    yield f"{'':<16} {'':<34} {'today':>8} {'limit':>9} {'baseline':>9}"
    for result in results:
        yield (
            f"{result.measure.name:<16} {result.measure.title:<34} {result.today:>8g} "
            f"{result.write_goal():>9} {result.limit['baseline']:>9g}"
            + ("  met" if result.is_met else "")
            + ("  WORSE" if result.is_worse else "")
        )
        for place in result.places[:EXAMPLES]:
            yield "    " + shorten(str(place))


def shorten(text: str, to: int = 110) -> str:
    return text if len(text) <= to else text[: to - 1] + "…"


def keep_better(results: list[Result]) -> list[Result]:
    """Choose what became better, but not where the limit is a share of what was."""
    return [r for r in results if "share" not in r.limit and not r.is_worse]


def write_baseline(results: list[Result], path: Path) -> None:
    text = path.read_text()
    for result in results:
        text = re.sub(
            rf"(\[measures\.{result.measure.name}\]\nbaseline = )[\d.]+",
            rf"\g<1>{result.today:g}",
            text,
        )
    path.write_text(text)


def main(words: list[str]) -> int:
    reader = argparse.ArgumentParser(
        prog="./run measures", description=(__doc__ or "").splitlines()[0]
    )
    reader.add_argument("--list", metavar="NAME", choices=MEASURES)
    reader.add_argument("--write", action="store_true", help="keep what is better")
    reader.add_argument("--begin", action="store_true", help="begin from today")
    options = reader.parse_args(words)
    measured = Measured(House(ROOT), read_settings(SETTINGS))
    if options.list:
        print(*MEASURES[options.list].take(measured).places, sep="\n")
        return 0
    results = take_all(measured)
    if options.write or options.begin:
        write_baseline(results if options.begin else keep_better(results), SETTINGS)
        results = take_all(Measured(measured.house, read_settings(SETTINGS)))
    print(*write_table(results), sep="\n")
    worse = [result.explain() for result in results if result.is_worse]
    print(*worse, sep="\n", file=sys.stderr)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

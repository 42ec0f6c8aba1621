"""Compare the terms of docs/glossary.md with what the product has.

A table is a list of terms; `faults` compares it with the names, labels and
translations of the product."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.apps import apps
from django.utils import translation

from amana.installed import ROOMS
from amana.reviewed_files import FileCodes
from amana.ui import navigation
from tests.architecture.code import PRODUCT, ROOT, called, modules, tree
from tools import translations

PAGE = ROOT / "docs" / "glossary.md"
HEAD = ["English", "français", "العربية", "in code", "meaning", "source"]
WORDS = 15
"""A meaning is read beside others in a table, so it is one short sentence."""

WINGS = {"design", "care", "insight", "academy", "trust", "exchange"}
STATES = {"status", "state", "stage"}

type Forms = tuple[str, str]
"""How a text is written in French and in Arabic."""
type Label = tuple[str, str, str]


@dataclass(frozen=True)
class Term:
    english: str
    french: str
    arabic: str
    code: tuple[str, ...]
    meaning: str
    source: str

    @property
    def text(self) -> str:
        """The words on screen: brackets say of which of several things they are."""
        return re.sub(r" \([^)]*\)$", "", self.english)


@dataclass(frozen=True)
class Product:
    """What the code and its catalogues have, by names as the glossary writes them."""

    models: frozenset[str]
    shown: Mapping[str, str]
    """What has to be there, entries of the navigation and labels of states: name in
    code, English text."""
    labels: Mapping[str, str]
    """The labels of all `TextChoices`: of those that are no states, only that they
    agree is asked."""
    names: frozenset[str]
    catalogue: Mapping[str, frozenset[Forms]]


def rows(page: str, head: list[str]) -> Iterator[list[str]]:
    """Yield the rows of all tables that have this head."""
    inside = False
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells == head:
            inside = True
        elif inside and set("".join(cells)) - set("-: "):
            yield cells


def terms(page: str) -> list[Term]:
    found = []
    for row in rows(page, HEAD):
        assert len(row) == len(HEAD), f"This row has not {len(HEAD)} cells: {row}"
        english, french, arabic, code, meaning, source = row
        # What follows an arrow is a name that a later change gives.
        today = tuple(re.findall(r"`([^`]+)`", re.sub(r"→ `[^`]+`", "", code)))
        found.append(Term(english, french, arabic, today, meaning, source))
    return found


def room_of(parts: tuple[str, ...]) -> str:
    """`cases` for amana/care/cases/…, `care` for amana/care/__init__.py; of a room in
    a room the inner one, `labs` for amana/academy/practice/labs/…."""
    for depth in range(len(parts), 1, -1):
        if ".".join(("amana", *parts[:depth])) in ROOMS:
            return parts[depth - 1]
    return parts[1] if parts[0] in WINGS and len(parts) > 1 else parts[0]


def place_of(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(PRODUCT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts


def defined(within: ast.Module | ast.ClassDef, before: str) -> Iterator[str]:
    for node in within.body:
        match node:
            case ast.ClassDef(name=name):
                yield before + name
                yield from defined(node, f"{before}{name}.")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield before + name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield before + name
            case ast.Assign(targets=targets):
                yield from (before + t.id for t in targets if isinstance(t, ast.Name))


@cache
def names() -> frozenset[str]:
    """Everything that has a name: `cases.Need.Status.OPEN`, `mechanism.paper`."""
    found: set[str] = set()
    for path in modules():
        place = place_of(path)
        room = room_of(place)
        found.update(f"{room}.{part}" for part in place)
        found.update(defined(tree(path), f"{room}."))
    return frozenset(found) | {code for _kind, code, _text in labelled_in_files()}


def models() -> frozenset[str]:
    return frozenset(
        f"{room_of(tuple(model.__module__.split('.')[1:]))}.{model.__qualname__}"
        for model in apps.get_models()
        if model.__module__.startswith("amana.")
    )


def text_in(node: ast.expr) -> str:
    """The English of `"code", pgettext_lazy("context", "English")`."""
    match node:
        case ast.Tuple(elts=[*_, last]) | ast.Call(args=[*_, last]):
            return text_in(last)
        case ast.Constant(value=str(text)):
            return text
    return ""


def classes(path: Path) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef))


def choices_of_states(model: ast.ClassDef) -> Iterator[str]:
    """The `Status` of `status = models.CharField(…, choices=Status)`."""
    for node in model.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=field)], value=ast.Call() as call):
                if field in STATES and ast.unparse(call.func).startswith("models."):
                    chosen = [k.value for k in call.keywords if k.arg == "choices"]
                    yield from map(ast.unparse, chosen)


def kinds_of_states() -> Iterator[str]:
    """The `TextChoices` of which a model has a field named status, state or stage."""
    for path in modules():
        room = room_of(place_of(path))
        for model in classes(path):
            for kind in choices_of_states(model):
                inside = f"{room}.{model.name}.{kind}"
                yield inside if inside in names() else f"{room}.{kind}"


def labelled(within: ast.Module | ast.ClassDef, before: str) -> Iterator[Label]:
    """The members of each `TextChoices` with their English, as (kind, member, text)."""
    for node in within.body:
        match node:
            case ast.ClassDef(name=name):
                yield from labelled(node, f"{before}.{name}")
            case ast.Assign(targets=[ast.Name(id=member)], value=value):
                if is_kind(within) and (text := text_in(value)):
                    yield before, f"{before}.{member}", text


def is_kind(node: ast.Module | ast.ClassDef) -> bool:
    return isinstance(node, ast.ClassDef) and any(
        ast.unparse(base).endswith("TextChoices") for base in node.bases
    )


@cache
def all_labels() -> tuple[Label, ...]:
    return (
        *(
            label
            for path in modules()
            for label in labelled(tree(path), room_of(place_of(path)))
        ),
        *labelled_in_files(),
    )


def labelled_in_files() -> Iterator[Label]:
    """The members of each list of codes that a reviewed file has."""
    with translation.override("en"):
        for kind in FileCodes.__subclasses__():
            room = room_of(tuple(kind.__module__.split(".")[1:]))
            before = f"{room}.{kind.__qualname__}"
            for member in kind:
                yield before, f"{before}.{member.name}", str(member.label)


def entries() -> dict[str, str]:
    """The navigation: each entry by its page, each group by its constant."""
    groups = {
        f"{room_of(place_of(path))}.{target.id}": text_in(node.value.args[0])
        for path in modules()
        for node in tree(path).body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and called(node.value) == "NavigationGroup"
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    with translation.override("en"):
        pages = {
            entry.to: str(entry.label)
            for entry in (*navigation.ENTRIES.values(), *navigation.PERSONAL.values())
        }
    return groups | pages


def catalogue() -> dict[str, frozenset[Forms]]:
    """Each text with its translations; more than one where a context tells it apart."""
    french, arabic = (
        {
            (message.id, message.context): message.string
            for message in translations.translated(language)
            if isinstance(message.id, str) and message.id
        }
        for language in ("fr", "ar")
    )
    found: dict[str, set[Forms]] = {}
    for key in french.keys() & arabic.keys():
        found.setdefault(str(key[0]), set()).add((str(french[key]), str(arabic[key])))
    return {text: frozenset(forms) for text, forms in found.items()}


@cache
def product() -> Product:
    states = set(kinds_of_states())
    return Product(
        models=models(),
        shown=entries() | {code: s for kind, code, s in all_labels() if kind in states},
        labels={code: text for _kind, code, text in all_labels()},
        names=names(),
        catalogue=catalogue(),
    )


def faults(said: Iterable[Term], has: Product) -> list[str]:
    known = list(said)
    return [
        *missing(known, has),
        *otherwise_on_screen(known, has),
        *gone(known, has),
        *otherwise_translated(known, has),
        *twice(known),
        *too_long(known),
    ]


def missing(known: list[Term], has: Product) -> Iterator[str]:
    coded = {code for term in known for code in term.code}
    for model in sorted(has.models - coded):
        yield (
            f"The model {model} is not in the glossary: add a row to docs/glossary.md "
            f"with `{model}` in the column “in code”, its meaning and its source."
        )
    for code, text in sorted(has.shown.items()):
        if code not in coded:
            yield (
                f"“{text}” ({code}) is not in the glossary: add a row for “{text}” to "
                f"docs/glossary.md, or `{code}` to the row that has it."
            )


def otherwise_on_screen(known: list[Term], has: Product) -> Iterator[str]:
    for term in known:
        for code in term.code:
            text = has.shown.get(code) or has.labels.get(code, term.text)
            if text != term.text:
                yield (
                    f"{code} is “{text}” on screen, and “{term.text}” in the glossary: "
                    f"move `{code}` to a row for “{text}”, or change what is shown."
                )


def gone(known: list[Term], has: Product) -> Iterator[str]:
    for term in known:
        for code in term.code:
            if code not in has.names | has.models | has.shown.keys():
                yield (
                    f"{code}, in the glossary for “{term.english}”, is not in the code "
                    "any more: write its new name there, or take it out."
                )


def otherwise_translated(known: list[Term], has: Product) -> Iterator[str]:
    for term in known:
        forms = has.catalogue.get(term.text)
        if forms and (term.french, term.arabic) not in forms:
            [french, arabic], *_ = sorted(forms)
            yield (
                f"“{term.text}” is “{french}” and “{arabic}” in the catalogues, and "
                f"“{term.french}” and “{term.arabic}” in the glossary: make them one."
            )


def twice(known: list[Term]) -> Iterator[str]:
    for kind in ("english", "code"):
        seen = set()
        for term in known:
            values = term.code if kind == "code" else (term.english,)
            for value in values:
                if value in seen:
                    yield f"“{value}” is in the glossary twice: keep one row."
                seen.add(value)


def too_long(known: list[Term]) -> Iterator[str]:
    for term in known:
        if len(term.meaning.split()) > WORDS:
            yield f"The meaning of “{term.english}” has more than {WORDS} words."

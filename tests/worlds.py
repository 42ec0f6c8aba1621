"""What many tests begin with is written once, and each of them works on a copy.

A fixture marked `@kept` instead of `@pytest.fixture` makes records that tests begin
with: a worker, a case. They are written in a transaction around the test's own, and
stay there for the next test that asks for the same ones; what a test does to them is
rolled back. The test gets copies of the objects, so it may change those too. Which
tests ran before makes no difference: each finds the same rows, mails and keyholders.

A kept fixture asks for kept ones alone, for `db`, and for those of the whole session;
else it is made for each test, like any other. So it is in a test that commits.

Each kept fixture is a layer upon others. In a module those that most tests ask for lie
lowest, and tests follow one another so that few layers have to be laid again.
"""

import copy
import functools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import SimpleTestCase

from amana import given
from amana.trust.access.models import User
from amana.trust.audit import anchor
from amana.trust.audit.anchor import LogAnchor
from amana.trust.vault.crypto import KeyPair

type Made = tuple[str, Callable[..., Any]]
"""A fixture's name, and what makes it."""

COMMITTING = {"transactional_db", "live_server", "django_db_reset_sequences"}
ASKED = pytest.StashKey[tuple[Made, ...]]()


@dataclass
class State:
    """What there is in memory once some fixtures have been made."""

    things: dict[str, Any] = field(default_factory=dict)
    founders: dict[int, User] = field(default_factory=dict)
    mails: list[Any] = field(default_factory=list)
    anchor: LogAnchor = field(default_factory=LogAnchor)
    """What the log has signed of it: a file, which no transaction takes back."""

    def given(self, word: str, of: pytest.FixtureRequest) -> Any:
        if word in self.things or word == "db":
            return self.things.get(word)
        return of.getfixturevalue(word)  # of the whole session

    def take_effect(self) -> None:
        given.people._founders.clear()
        given.people._founders.update(self.founders)
        mail.outbox[:] = self.mails
        anchor.get_path().unlink(missing_ok=True)
        if self.anchor.notes:
            anchor.write(self.anchor)


@dataclass
class Layer:
    made: Made
    state: State
    around: ExitStack


class World:
    """The records that are there now, each fixture's in a transaction of its own."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.copies: State | None = None

    @property
    def asked(self) -> tuple[Made, ...]:
        return tuple(layer.made for layer in self.layers)

    def become(self, asked: tuple[Made, ...], of: pytest.FixtureRequest) -> None:
        """Hold what these fixtures make, and nothing else."""
        self.copies = None
        while self.layers and self.asked != asked[: len(self.layers)]:
            self.layers.pop().around.close()
        for made in asked[len(self.layers) :]:
            self.lay(made, of)

    def lay(self, made: Made, of: pytest.FixtureRequest) -> None:
        name, make = made
        state = copy.deepcopy(self.layers[-1].state) if self.layers else State()
        state.take_effect()
        around = ExitStack()
        layer = transaction.atomic()
        # As Django marks those around a test: no transaction of the product's.
        setattr(layer, "_from_testcase", True)  # noqa: B010 — the types don't know it
        around.enter_context(layer)
        around.callback(transaction.set_rollback, True)
        with around:
            words = {word: state.given(word, of) for word in arguments(make)}
            state.things[name] = make(**words)
            state.founders, state.mails = (
                dict(given.people._founders),
                list(mail.outbox),
            )
            state.anchor = anchor.read()
            self.layers.append(Layer(made, state, around.pop_all()))

    def end(self) -> None:
        while self.layers:
            self.layers.pop().around.close()

    def copy_of(self, name: str) -> Any:
        """The test's own copy; all its copies belong together."""
        if self.copies is None:
            self.copies = copy.deepcopy(self.layers[-1].state)
            self.copies.take_effect()
        return self.copies.things[name]


WORLD = World()


def kept[T](make: Callable[..., T]) -> Callable[..., T]:
    """A fixture whose records stay for the next test that asks for the same ones."""

    @functools.wraps(make)
    def fixture(**words: Any) -> T:
        if (make.__name__, make) in WORLD.asked:
            thing: T = WORLD.copy_of(make.__name__)
            return thing
        return make(**words)

    fixture.kept = make  # type: ignore[attr-defined]
    return pytest.fixture(fixture)


def arguments(make: Callable[..., Any]) -> list[str]:
    code = make.__code__
    return list(code.co_varnames[: code.co_argcount])


def commits(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    names = getattr(item, "fixturenames", [])
    return bool(COMMITTING & set(names) or (mark and mark.kwargs.get("transaction")))


def asked_by(item: pytest.Item) -> tuple[Made, ...]:
    """The kept fixtures of a test, each after those that it needs itself."""
    if commits(item):
        return ()
    names: list[str] = getattr(item, "fixturenames", [])
    there = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
    found: dict[str, Made] = {}

    def find(name: str) -> bool:
        definitions = there.get(name)
        if name in found or name == "db":
            return True
        if definitions and definitions[-1].scope == "session":
            return len(definitions) == 1  # else a module has its own, and others not
        make = getattr(definitions[-1].func, "kept", None) if definitions else None
        if make is None or not all(find(word) for word in arguments(make)):
            return False
        found[name] = name, make
        return True

    for name in names:
        find(name)
    return tuple(found.values())


def lowest_first(asked: tuple[Made, ...], often: Counter[Made]) -> tuple[Made, ...]:
    """What many ask for below what few ask for, yet each above what it needs."""
    by_name = {made[0]: made for made in asked}
    laid: dict[Made, None] = {}

    def lay(made: Made) -> None:
        for word in arguments(made[1]):
            if word in by_name:
                lay(by_name[word])
        laid[made] = None

    for made in sorted(asked, key=lambda made: (-often[made], made[0])):
        lay(made)
    return tuple(laid)


def pytest_configure() -> None:
    # Nothing in it ever changes, so it is its own copy.
    KeyPair.__deepcopy__ = lambda self, _memo: self  # type: ignore[attr-defined]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A module's tests stay together, with a database or without one: what is made for
    the whole module is made once. Those that commit come after all others."""
    modules: dict[tuple[str, bool], list[pytest.Item]] = defaultdict(list)
    for item in items:
        modules[item.nodeid.split("::")[0], commits(item)].append(item)
    items.clear()
    for of_module in modules.values():
        asked = {item: asked_by(item) for item in of_module}
        often = Counter(made for some in asked.values() for made in some)
        for item in of_module:
            item.stash[ASKED] = lowest_first(asked[item], often)

        def layers(item: pytest.Item, often: Counter[Made] = often) -> list[object]:
            return [(-often[made], made[0]) for made in item.stash[ASKED]]

        items += sorted(of_module, key=layers)


@pytest.fixture(scope="session")
def _worlds(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    yield WORLD
    with django_db_blocker.unblock():
        WORLD.end()


@pytest.fixture
def _world(
    request: pytest.FixtureRequest, _worlds: World, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        _worlds.become(request.node.stash[ASKED], request)


@pytest.fixture(scope="class", autouse=True)
def _no_world(request: pytest.FixtureRequest, django_db_blocker: Any) -> None:
    """A class of Django's own makes what it needs by itself."""
    if request.cls and issubclass(request.cls, SimpleTestCase):
        with django_db_blocker.unblock():
            WORLD.end()


@pytest.fixture
def _django_db_helper(_world: None, _django_db_helper: None) -> None:
    """pytest-django's transaction of one test begins inside the world's."""

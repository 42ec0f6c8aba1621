"""Faults by name, and the ways to put one into the running program."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.patching import put_everywhere


@dataclass(frozen=True)
class Fault:
    name: str
    says: str
    killer: str
    plant: Callable[[], None]
    on_postgresql: bool = False
    """Whether it does harm on PostgreSQL alone."""


FAULTS: dict[str, Fault] = {}


def fault(
    killer: str, *, on_postgresql: bool = False
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def note(plant: Callable[[], None]) -> Callable[[], None]:
        name = plant.__name__
        says = (plant.__doc__ or "").strip()
        FAULTS[name] = Fault(name, says, killer, plant, on_postgresql)
        return plant

    return note


def put(where: Any, /, **what: Any) -> None:
    """Put something in the place of what a module, with its parts, or a class had by
    that name."""
    for name, value in what.items():
        put_everywhere(where, name, value)


def other(module: Any, **what: Any) -> Any:
    """The module, for one of those that use it, with something exchanged."""
    return SimpleNamespace(**vars(module) | what)


def alter_script(name: str, before: str, after: str) -> None:
    """Hand out a script of ours with one place altered."""
    from django.contrib.staticfiles import finders

    find = finders.find
    path = find(name)
    assert isinstance(path, str)
    text = Path(path).read_text()
    assert text.count(before) == 1, f"{name} has no {before} any more"
    altered = Path(tempfile.mkdtemp()) / Path(name).name
    altered.write_text(text.replace(before, after))

    def found(wanted: str, *said: Any, **more: Any) -> Any:
        return str(altered) if wanted == name else find(wanted, *said, **more)

    put(finders, find=found)


def believe_rows() -> None:
    from amana.trust.vault import roster

    put(roster, _vouched=lambda known, holder: bytes(holder.public))

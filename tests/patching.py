"""Replace a thing in each part of a package that knows it by name.

A package's parts import from one another, so that setting the name in the package alone
would leave the parts with the old one.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


def find_holders(where: Any, name: str) -> list[Any]:
    """Find the module or class, and its parts, that have the same thing by this
    name."""
    inside = f"{where.__name__}." if isinstance(where, ModuleType) else "no module"
    parts = [
        module
        for known, module in sorted(sys.modules.items())
        if known.startswith(inside) and ".tests" not in known
    ]
    holders = [part for part in [where, *parts] if hasattr(part, name)]
    assert holders, f"{where} has no {name} any more"
    thing = getattr(holders[0], name)
    same = [part for part in holders if getattr(part, name) is thing]
    # A bound method is another one at each look: its class has to be named.
    assert same, f"{name} of {where} can't be replaced"
    return same


def put_everywhere(where: Any, name: str, value: Any) -> None:
    """Put a value in the place of what a module, with its parts, or a class had."""
    for holder in find_holders(where, name):
        setattr(holder, name, value)


@contextmanager
def patched(where: Any, name: str, value: Any) -> Iterator[None]:
    """Put a value everywhere, as `put_everywhere` does, until the block ends."""
    holders = find_holders(where, name)
    before = getattr(holders[0], name)
    for holder in holders:
        setattr(holder, name, value)
    try:
        yield
    finally:
        for holder in holders:
            setattr(holder, name, before)


def replace_everywhere(patch: Any, where: Any, name: str, value: Any) -> None:
    """Put a value everywhere by pytest's monkeypatch, until the test ends."""
    for holder in find_holders(where, name):
        patch.setattr(holder, name, value)

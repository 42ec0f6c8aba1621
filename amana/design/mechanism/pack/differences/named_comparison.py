"""Compares what two packs have under names: which are new or gone, and what is
different in those that both have."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from amana.design.mechanism.pack.differences import pack_difference_texts as texts
from amana.design.pathway.pathway_differences import (
    Change,
    Difference,
    DifferenceTopic,
    NamedElement,
)
from amana.design.pathway.pathway_model import EMPTY, Text


def compare_each[T](
    about: DifferenceTopic,
    kind: str,
    old: Mapping[str, T],
    new: Mapping[str, T],
    compare: Callable[[str, T, T], Iterable[Change]],
    get_title: Callable[[T], Text] = lambda _: EMPTY,
) -> Iterator[Difference]:
    for id, item in new.items():
        if id not in old:
            name = NamedElement(kind, id, get_title(item))
            yield Difference(about, texts.NEW, {"name": name})
    for id, item in old.items():
        if id not in new:
            name = NamedElement(kind, id, get_title(item), before=True)
            yield Difference(about, texts.GONE, {"name": name})
    for id, item in new.items():
        if id in old:
            name = NamedElement(kind, id, get_title(item))
            for sentence, values in compare(id, old[id], item):
                yield Difference(about, sentence, {"name": name, **values})


def compare_titles(kind: str, id: str, was: Text, now: Text) -> Iterator[Change]:
    if was != now:
        yield texts.CALLED, {"before": NamedElement(kind, id, was, before=True)}


def compare_contents(_id: str, was: object, now: object) -> Iterator[Change]:
    """Compare what is only named: its content is for people to read."""
    if was != now:
        yield texts.CHANGED, {}


def name_all(kind: str, ids: Iterable[str]) -> tuple[NamedElement, ...]:
    return tuple(NamedElement(kind, id) for id in ids)

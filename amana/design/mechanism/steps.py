"""Add a step between two, give it another code, take it away: in every file at once.

Pure: files and what is wanted give the files that are different.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from amana.design.mechanism import outline as outlines
from amana.design.mechanism.writing import (
    Files,
    Place,
    Written,
    YAMLDocument,
    read_plain,
)

PATHWAY = "pathway.yaml"
NAMES_STEPS = {
    "law.yaml": ("honoured_by",),
    "indicators.yaml": ("steps",),
    "capacity.yaml": ("work_hours", "answers", "places"),
}
"""Other files, and the keys under which they name steps."""


def add_step(
    files: Files, code: str, said: Mapping[str, object], *, after: Place
) -> Written:
    """Add a new step on a way out of another: `after` is where that way is written,
    such as ("steps", "meet", "next") or ("steps", "which", "choose", 0, "next").

    The new step continues to where that way led; if it ended there, the new step does.
    """
    document = YAMLDocument(files[PATHWAY])
    steps, before = split_place(after)
    led_to = get_value(document, after)
    new = dict(said)
    if "choose" not in new and "wait" not in new:
        if led_to is not None:
            new["next"] = led_to
        elif (end := get_value(document, (*before, "end"))) and "do" in new:
            new["end"] = end
    if "end" in document.at(before):
        document.take((*before, "end"))
    document.insert(steps, code, new, after=before[-1])
    document.put(after, code)
    return {PATHWAY: document.content()}


def add_parallel_step(
    files: Files, code: str, said: Mapping[str, object], *, at: Place
) -> Written:
    """Add one more of the steps that begin together at `at`."""
    document = YAMLDocument(files[PATHWAY])
    together = [*document.at((*at, "together")), code]
    document.insert(at[:-1], code, dict(said), after=at[-1])
    document.put((*at, "together"), together)
    return {PATHWAY: document.content()}


def split_place(place: Place) -> tuple[Place, Place]:
    """Split a place into the map of steps and the step in it to which it belongs."""
    position = place.index("steps")
    # In a sub-pathway, "steps" may also be the name of the part, so the search begins
    # after that.
    if place[0] == "parts":
        position = place.index("steps", 2)
    return place[: position + 1], place[: position + 2]


def get_value(document: YAMLDocument, place: Place) -> Any:
    found: Any = document.root
    for key in place:
        try:
            found = found[key]
        except (KeyError, IndexError, TypeError):
            return None
    return found


def iterate_ways_out(
    step: outlines.OutlineStep, place: Place
) -> Iterator[tuple[Place, str]]:
    """Yield every place in a step at which another can be added, and where it leads
    now.
    """
    for kind in ("choose", "wait"):
        for number, row in enumerate(outlines.read_list(step.plain.get(kind))):
            to = str(outlines.read_map(row).get("next", ""))
            yield (*place, kind, number, "next"), to
    if step.kind not in ("choose", "wait"):
        yield (*place, "next"), str(step.plain.get("next") or "")


def remove_step(files: Files, place: Place, *, leads_to: str = "") -> Written:
    """Remove a step; what led to it leads to `leads_to`, or ends."""
    code = str(place[-1])
    document = YAMLDocument(files[PATHWAY])
    document.take(place)
    # Listed before anything is written: the document changes under the search.
    for where in list(iterate_mentions(document.root, code)):
        if isinstance(where[-1], int):
            continue
        if leads_to:
            document.put(where, leads_to)
        else:
            document.take(where)
    drop_from_lists(document, code)
    return {PATHWAY: document.content()} | write_other_files(files, make_remover(code))


def drop_from_lists(document: YAMLDocument, code: str) -> None:
    # One at a time, the deepest first: each removal moves the numbers of those after
    # it.
    for where in sorted(iterate_mentions(document.root, code), key=len, reverse=True):
        if isinstance(where[-1], int):
            listed = [other for other in document.at(where[:-1]) if other != code]
            # An empty `together` stays: the block exists still, and the check for
            # errors names it.
            if listed or where[-2] == "together":
                document.put(where[:-1], listed)
            else:
                document.take(where[:-1])
            drop_from_lists(document, code)
            return


def rename_step_in_files(files: Files, place: Place, new: str) -> Written:
    """Give a step another code, wherever it is named."""
    old = str(place[-1])
    document = YAMLDocument(files[PATHWAY])
    for where in list(iterate_mentions(document.root, old)):
        document.put(where, new)
    document.rename(place, new)
    return {PATHWAY: document.content()} | write_other_files(
        files, make_renamer(old, new)
    )


def iterate_mentions(found: object, code: str, place: Place = ()) -> Iterator[Place]:
    """Yield every place at which a step is named as one to which a way leads."""
    if isinstance(found, Mapping):
        for key, value in found.items():
            here = (*place, key)
            # A step may itself have the code "next" or "start"; as a key of `steps` it
            # is no way.
            if key in ("next", "start") and value == code and place[-1:] != ("steps",):
                yield here
            elif key in ("together", "keeps") and isinstance(value, list):
                yield from (
                    (*here, number)
                    for number, named in enumerate(value)
                    if named == code
                )
            else:
                yield from iterate_mentions(value, code, here)
    elif isinstance(found, list):
        for number, value in enumerate(found):
            yield from iterate_mentions(value, code, (*place, number))


# --- other files that name steps


type Anew = Callable[[YAMLDocument, Place, Any], bool]
"""Rewrites a list or map that may name the step; returns whether it did."""


def write_other_files(files: Files, anew: Anew) -> Written:
    changed: Written = {}
    for path, keys in NAMES_STEPS.items():
        # A file that can't be read is left as it is: the draft shows its fault, and
        # writing would lose it.
        if path not in files or read_plain(files, path) is None:
            continue
        document = YAMLDocument(files[path])
        places = list(iterate_places(document.root, keys))
        written = [anew(document, place, document.at(place)) for place in places]
        if any(written):
            changed[path] = document.content()
    return changed | write_prose(files, anew)


def write_prose(files: Files, anew: Anew) -> Written:
    """Rename a step in placeholders such as {{ step.screen.due }} too."""
    turn = getattr(anew, "in_prose", None)
    if turn is None:
        return {}
    turned = {
        path: turn(content.decode()).encode()
        for path, content in files.items()
        if path.endswith(".md")
    }
    return {path: new for path, new in turned.items() if new != files[path]}


def iterate_places(
    found: object, keys: tuple[str, ...], place: Place = ()
) -> Iterator[Place]:
    if isinstance(found, Mapping):
        for key, value in found.items():
            if key in keys and isinstance(value, Mapping | list):
                yield (*place, key)
            else:
                yield from iterate_places(value, keys, (*place, key))


def make_remover(code: str) -> Anew:
    def anew(document: YAMLDocument, place: Place, found: Any) -> bool:
        if code not in found:
            return False
        if isinstance(found, list):
            left = [other for other in found if other != code]
            if left:
                document.put(place, left)
            else:
                document.take(place)
        # The last entry stays: an empty map would be another statement than none, and
        # the check for errors names the step that is gone.
        elif len(found) > 1:
            document.take((*place, code))
        return True

    return anew


def make_renamer(old: str, new: str) -> Anew:
    def anew(document: YAMLDocument, place: Place, found: Any) -> bool:
        if old not in found:
            return False
        if isinstance(found, list):
            document.put((*place, found.index(old)), new)
        else:
            document.rename((*place, old), new)
        return True

    def turn(words: str) -> str:
        return re.sub(
            rf"(\{{\{{\s*step\.){re.escape(old)}(\.)", rf"\g<1>{new}\2", words
        )

    anew.in_prose = turn  # type: ignore[attr-defined]
    return anew

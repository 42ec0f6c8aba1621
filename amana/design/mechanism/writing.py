"""Write one piece of a mechanism's file and leave the rest as its author wrote it.

Pure: files and a change give the files that are different. Comments, order, quotes and
the way in which lists are laid out stay; what is written new is laid out like the rest.
"""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.tokens import CommentToken

from amana.yaml_files import yamls

type Files = Mapping[str, bytes]
type Written = dict[str, bytes]
type Place = tuple[str | int, ...]
"""Where in a file: keys of maps and numbers in lists, from the outside inwards."""

AT_MOST_IN_A_LINE = 88
DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])")
MARGIN = 100_000
"""Lines are as long as their author made them: nothing is folded."""


class PieceNotFound(LookupError):
    """There is no such piece: another person has removed it."""


def read_plain(files: Files, path: str) -> Any:
    """Read a file as data; None where there is none that can be read."""
    try:
        return yamls.read_yaml(path, files[path]).plain if path in files else None
    except yamls.UnreadableYAML:
        return None


def read_piece(files: Files, path: str, place: Place = ()) -> Any:
    """Find what is at a place; None when nothing is."""
    found = read_plain(files, path)
    for key in place:
        try:
            found = found[key]
        except (KeyError, IndexError, TypeError):
            return None
    return found


def write_value(files: Files, path: str, place: Place, value: object) -> Written:
    """Write `value` at a place of the file; None removes what is there."""
    document = YAMLDocument(files.get(path, b""))
    if value is None:
        document.take(place)
    else:
        document.put(place, value)
    return {path: document.content()}


def write_values(files: Files, path: str, values: Mapping[Place, object]) -> Written:
    document = YAMLDocument(files.get(path, b""))
    for place, value in values.items():
        if value is None:
            document.take(place)
        else:
            document.put(place, value)
    return {path: document.content()}


class YAMLDocument:
    """A YAML file that remembers how it was laid out."""

    def __init__(self, content: bytes) -> None:
        self._yaml = YAML()
        self._yaml.preserve_quotes = True
        self._yaml.width = MARGIN
        self._yaml.indent(mapping=2, sequence=4, offset=2)
        # One value may be written at several places. As an alias, a change of one would
        # change the others, and people who read the file would not see why.
        self._yaml.representer.ignore_aliases = lambda data: True
        self.root = self._yaml.load(content.decode())
        if self.root is None:
            self.root = CommentedMap()

    def content(self) -> bytes:
        out = io.StringIO()
        self._yaml.dump(self.root, out)
        return out.getvalue().encode()

    def at(self, place: Place) -> Any:
        found = self.root
        for key in place:
            try:
                found = found[key]
            except (KeyError, IndexError, TypeError):
                raise PieceNotFound(place) from None
        return found

    def put(self, place: Place, value: Any) -> None:
        """Write `value` at a place, whose surroundings are made when they are
        missing."""
        if not place:
            self.root = merge_values(self.root, value)
            return
        outer = self._outer(place)
        key = place[-1]
        if isinstance(outer, list) and key == len(outer):
            self.insert(place[:-1], len(outer), value)
            return
        if key not in outer and not isinstance(outer, list):
            self.insert(place[:-1], key, value)
            return
        # The comment below a piece belongs, for the library, to the piece's last line:
        # taken off first, it survives whatever length the new value has.
        tail = take_tail(outer, key)
        outer[key] = merge_values(outer[key], value)
        attach_tail(outer, key, tail)

    def _outer(self, place: Place) -> Any:
        outer = self.root
        for depth, key in enumerate(place[:-1]):
            if key not in outer and not isinstance(outer, list):
                self.insert(place[:depth], key, CommentedMap())
            outer = outer[key]
            if outer is None:
                raise PieceNotFound(place)
        return outer

    def insert(
        self,
        place: Place,
        key: str | int,
        value: Any,
        *,
        after: str | int | None = None,
    ) -> None:
        """Add to the map or list at `place`: at its end, or after one of its keys."""
        outer = self.at(place)
        if isinstance(outer, list):
            self._insert_in_list(outer, int(key), value)
            return
        keys = list(outer)
        before = after if after is not None else (keys[-1] if keys else None)
        tail = take_tail(outer, before) if before is not None else ""
        position = keys.index(before) + 1 if before is not None else 0
        outer.insert(position, key, lay_out(value))
        attach_tail(outer, key, tail)

    def _insert_in_list(self, outer: Any, position: int, value: Any) -> None:
        position = min(position, len(outer))
        tail = take_tail(outer, position - 1) if position else ""
        outer.insert(position, lay_out(value))
        attach_tail(outer, position, tail)

    def take(self, place: Place) -> None:
        """Remove what is at a place; a comment below it stays."""
        if not place:
            raise PieceNotFound(place)
        outer, key = self.at(place[:-1]), place[-1]
        if isinstance(outer, list):
            if not 0 <= int(key) < len(outer):
                return
        elif key not in outer:
            return
        keys = list(range(len(outer))) if isinstance(outer, list) else list(outer)
        tail = take_tail(outer, key)
        del outer[key]
        # What was below the removed piece moves up to the one before, in front of
        # which it now is.
        if (position := keys.index(key)) > 0:
            before = keys[position - 1]
            attach_tail(outer, before, take_tail(outer, before) + tail)

    def rename(self, place: Place, new: str) -> None:
        """Give a key another name, in the same position."""
        outer, old = self.at(place[:-1]), place[-1]
        position = list(outer).index(old)
        comment = outer.ca.items.pop(old, None)
        value = outer.pop(old)
        outer.insert(position, new, value)
        if comment is not None:
            outer.ca.items[new] = comment


# --- how it is laid out


def merge_values(old: Any, new: Any) -> Any:
    """Merge `new` into the layout of `old` wherever they are alike."""
    if isinstance(old, CommentedMap) and isinstance(new, Mapping):
        for key in [key for key in old if key not in new]:
            del old[key]
        for key, value in new.items():
            old[key] = merge_values(old[key], value) if key in old else lay_out(value)
        return old
    if isinstance(old, CommentedSeq) and is_list(new):
        for position, value in enumerate(new):
            if position < len(old):
                old[position] = merge_values(old[position], value)
            else:
                old.append(lay_out(value))
        del old[len(new) :]
        return old
    return old if type(old) is type(new) and old == new else keep_style(old, new)


def keep_style(old: object, new: object) -> object:
    """Keep a text in the quotes that the former text had; a day as it was written."""
    if isinstance(old, str) and isinstance(new, str):
        return old if str(old) == new else copy_quotes(old, new)
    if isinstance(old, date) and old.isoformat() == new:
        return old
    # In Python True == 1; in a file `yes` and 1 are two things.
    same = isinstance(old, bool) == isinstance(new, bool) and old == new
    return old if same else lay_out(new)


def copy_quotes(old: str, new: str) -> object:
    kind = type(old)
    if kind is str or "\n" in new:
        return lay_out(new)
    return kind(new)


def lay_out(value: Any) -> Any:
    """Lay out short lists and maps of codes in one line, everything else in a block."""
    if isinstance(value, CommentedMap | CommentedSeq):
        return value
    if isinstance(value, str) and DAY.fullmatch(value):
        return date.fromisoformat(value)
    if isinstance(value, Mapping):
        made = CommentedMap((key, lay_out(inner)) for key, inner in value.items())
        return set_in_line(made, f"{dict(value)}", list(value.values()))
    if is_list(value):
        listed = CommentedSeq(lay_out(inner) for inner in value)
        return set_in_line(listed, f"{list(value)}", list(value))
    return value


def set_in_line(made: Any, shown: str, values: list[Any]) -> Any:
    short = len(shown) <= AT_MOST_IN_A_LINE and "\\n" not in shown
    if values and short and all(is_simple(value) for value in values):
        made.fa.set_flow_style()
    return made


def is_simple(value: Any) -> bool:
    """Check whether it goes into one line: a word, a number, or a list of such."""
    if is_list(value):
        return all(is_simple(inner) and not is_list(inner) for inner in value)
    return not isinstance(value, Mapping)


def is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


# --- comments and empty lines below a piece


def take_tail(outer: Any, key: Any) -> str:
    """Take the lines between a piece and the next away from the piece."""
    container, last = find_deepest(outer, key)
    token = find_token(container, last)
    if token is None:
        return ""
    own, tail = split_comment(token.value)
    if own:
        token.value = own
    else:
        container.ca.items.pop(last)
    return tail


def attach_tail(outer: Any, key: Any, tail: str) -> None:
    if not tail:
        return
    container, last = find_deepest(outer, key)
    token = find_token(container, last)
    if token is not None:
        own, _tail = split_comment(token.value)
        token.value = (own or "\n") + tail
        return
    made = CommentToken("\n" + tail, CommentMark(0), None)
    if isinstance(container, CommentedSeq):
        container.ca.items[last] = [made, None]
    else:
        container.ca.items[last] = [None, None, made, None]


def find_deepest(outer: Any, key: Any) -> tuple[Any, Any]:
    """Find where what follows a piece is kept: at its last line."""
    value = outer[key]
    while isinstance(value, CommentedMap | CommentedSeq) and value and is_block(value):
        outer = value
        key = len(value) - 1 if isinstance(value, CommentedSeq) else list(value)[-1]
        value = outer[key]
    return outer, key


def is_block(value: Any) -> bool:
    return not value.fa.flow_style()


def find_token(container: Any, key: Any) -> CommentToken | None:
    kept = container.ca.items.get(key)
    if not kept:
        return None
    token = kept[0] if isinstance(container, CommentedSeq) else kept[2]
    return token if isinstance(token, CommentToken) else None


def split_comment(text: str) -> tuple[str, str]:
    """Split a comment at the end of the line from what is below it."""
    first, newline, rest = text.partition("\n")
    return (first + newline if first.strip() else "", rest)

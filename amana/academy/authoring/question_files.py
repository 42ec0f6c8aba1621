"""One question of a file, or one source, written without touching the rest of it.

Pure. Of a long file only the lines of that entry are written anew: comments, order and
quotes around it stay as they are, byte by byte.
"""

import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from ruamel.yaml.scalarstring import LiteralScalarString

from amana.academy.courses.engine import files
from amana.design.mechanism import writing
from amana.yaml_files import yamls
from amana.yaml_files.yamls import YAMLSource

type Entry = Mapping[str, Any]
NAME, SOURCES = "entry", "sources.yaml"


def read_source(file: str, content: bytes | None) -> YAMLSource | None:
    """Read a file of questions or sources; None where there is none that can be
    read."""
    try:
        return yamls.read_yaml(file, content) if content is not None else None
    except yamls.UnreadableYAML:
        return None


def list_questions(source: YAMLSource | None) -> list[Entry]:
    """List the questions of a file, in order; what is none of them is left out."""
    plain = source.plain if source else None
    listed = plain if isinstance(plain, list) else []
    return [entry for entry in listed if isinstance(entry, Mapping)]


def find_question(source: YAMLSource | None, id: str) -> tuple[int, Entry] | None:
    """Find a question, and its place in its file."""
    plain = source.plain if source else None
    for at, entry in enumerate(plain if isinstance(plain, list) else ()):
        if isinstance(entry, Mapping) and entry.get("id") == id:
            return at, entry
    return None


def find_words(source: YAMLSource | None, key: str) -> Entry:
    """Find what a file says under a key; nothing where it says nothing."""
    plain = source.plain if source else None
    found = plain.get(key) if isinstance(plain, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def write_question(content: bytes, id: str, said: Entry) -> bytes:
    """Write a question in place of the one with this id, or at the end."""
    source = yamls.read_yaml(NAME, content)
    found = find_question(source, id)
    lines = split_lines(content)
    if found is None:
        return add_block(lines, format_item(b"", said))
    at, was = found
    if was == said:
        return content
    begin, end = find_span(source, lines, at)
    # Written in brackets or indented, an entry has no lines of its own to exchange:
    # then the whole file is laid out again, which is right and looks different.
    if not lines[begin].startswith("- "):
        whole = {NAME: content}
        return writing.write_value(whole, NAME, (at,), lay_out_long(said))[NAME]
    block = "\n".join(lines[begin:end]).encode()
    return join_lines(lines, begin, end, format_item(block, said))


def remove_question(content: bytes, id: str) -> bytes:
    """Remove a question; comments above the next one stay."""
    source = yamls.read_yaml(NAME, content)
    found = find_question(source, id)
    if found is None:
        return content
    lines = split_lines(content)
    begin, end = find_span(source, lines, found[0])
    return join_lines(lines, begin, end, "")


def write_words(content: bytes, key: str, said: Entry | None) -> bytes:
    """Write what a file says under a key, or add it at the end; None removes it."""
    source = yamls.read_yaml(NAME, content)
    was = find_words(source, key)
    lines = split_lines(content)
    if not was:
        return add_block(lines, format_words(b"", key, said)) if said else content
    if was == said:
        return content
    begin, end = find_span(source, lines, key)
    block = "\n".join(lines[begin:end]).encode()
    return join_lines(lines, begin, end, format_words(block, key, said) if said else "")


def write_entry(path: str, content: bytes, id: str, said: Entry | None) -> bytes:
    """Write a question, what a translation says of it, or a source; None removes it.
    Raises UnreadableYAML where the file can’t be read."""
    if is_keyed(path):
        return write_words(content, id, said)
    return (
        remove_question(content, id)
        if said is None
        else write_question(content, id, said)
    )


def is_keyed(path: str) -> bool:
    """Check whether a file has its entries by their keys: sources, translations."""
    return path == SOURCES or bool(files.TRANSLATED.fullmatch(path))


def compute_state(given: Mapping[str, bytes], paths: Iterable[str], id: str) -> str:
    """Compute the fingerprint of a question in its files: others may change other
    questions of the same file meanwhile."""
    said: dict[str, Entry] = {}
    for path in paths:
        source = read_source(path, given.get(path))
        found = find_question(source, id)
        # Left out where nothing is said yet: a file may come later.
        if entry := find_words(source, id) if is_keyed(path) else found and found[1]:
            said[path] = entry
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


# -- the lines of one entry ------------------------------------------------------------


def split_lines(content: bytes) -> list[str]:
    return content.decode("utf-8-sig").replace("\r\n", "\n").split("\n")


def find_span(
    source: YAMLSource, lines: Sequence[str], place: str | int
) -> tuple[int, int]:
    """Find the lines of an entry, without comments and empty lines below it."""
    begin = source.lines[(place,)] - 1
    tops = sorted(line - 1 for at, line in source.lines.items() if len(at) == 1)
    end = next((top for top in tops if top > begin), len(lines))
    # A comment above the next entry is about that one, and stays when this one goes.
    while end > begin + 1 and (not lines[end - 1] or lines[end - 1][0] == "#"):
        end -= 1
    return begin, end


def join_lines(lines: Sequence[str], begin: int, end: int, block: str) -> bytes:
    between = block.rstrip("\n").split("\n") if block else []
    return "\n".join([*lines[:begin], *between, *lines[end:]]).encode()


def add_block(lines: Sequence[str], block: str) -> bytes:
    above = "\n".join(lines).rstrip("\n")
    return (f"{above}\n{block}" if above else block).encode()


def format_item(block: bytes, said: Entry) -> str:
    """Write a question as an entry of a list, laid out as it was."""
    inner = block.decode()
    # The hyphen stands in the indentation of the first key.
    if inner:
        inner = textwrap.dedent(f"  {inner[2:]}")
    written = format_entry(inner.encode(), said)
    return f"- {textwrap.indent(written, '  ')[2:]}"


def format_words(block: bytes, key: str, said: Entry) -> str:
    document = writing.YAMLDocument(block)
    document.put((key,), lay_out_long(said))
    return document.content().decode()


def format_entry(inner: bytes, said: Entry) -> str:
    document = writing.YAMLDocument(inner)
    document.put((), lay_out_long(said))
    return document.content().decode()


def lay_out_long(said: Any) -> Any:
    """Lay out a text of several lines as lines, and not with escapes."""
    if isinstance(said, Mapping):
        return {key: lay_out_long(value) for key, value in said.items()}
    if isinstance(said, list):
        return [lay_out_long(value) for value in said]
    return LiteralScalarString(said) if isinstance(said, str) and "\n" in said else said

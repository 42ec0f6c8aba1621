"""The texts of a YAML file that are translated: those under keys that its schema names.

A schema that has `"translated": ["title", "hint"]` marks every text under these keys. A
text is a string; where the same English words mean two things, it has its context too:
`{text: Locked, context: what a person did}`.
"""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from amana.yaml_files.yamls import Place, read_yaml

SCHEMA = ".schema.json"


@dataclass(frozen=True)
class FileText:
    """A text in English, and what it means if its words mean several things."""

    place: Place
    text: str
    context: str | None = None


def find_schema(file: Path) -> Path:
    """Find the schema of a file, in the same folder."""
    return file.with_name(file.stem + SCHEMA)


def list_translated_files(folder: Path) -> Iterator[Path]:
    """List the files below a folder with texts that are translated."""
    for schema in sorted(folder.rglob(f"*{SCHEMA}")):
        if read_translated_keys(schema):
            yield schema.with_name(schema.name.removesuffix(SCHEMA) + ".yaml")


def read_translated_keys(schema: Path) -> frozenset[str]:
    """Read the keys under which texts are translated."""
    return frozenset(json.loads(schema.read_text("utf-8")).get("translated", ()))


def list_lines(file: Path) -> list[tuple[int, FileText]]:
    """List a file's translated texts, each with its line."""
    source = read_yaml(str(file), file.read_bytes())
    found: list[FileText] = []
    replace_texts(source.plain, read_translated_keys(find_schema(file)), found.append)
    return [(source.line(*text.place), text) for text in found]


def replace_texts(
    value: object,
    keys: Collection[str],
    replace: Callable[[FileText], object],
    place: Place = (),
    inside: bool = False,
) -> object:
    """Replace each translated text of a value, at any depth."""
    match value:
        case {"text": str(text), "context": str(context)} if inside:
            return replace(FileText(place, text, context))
        case dict():
            return {
                key: replace_texts(
                    part, keys, replace, (*place, key), inside or key in keys
                )
                for key, part in value.items()
            }
        case list():
            return [
                replace_texts(part, keys, replace, (*place, number), inside)
                for number, part in enumerate(value)
            ]
        case str() if inside:
            return replace(FileText(place, value))
    return value

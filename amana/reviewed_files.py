"""Questions, kinds and texts that people review who read no Python (ADR 79).

gate_questions.yaml          what the program asks, with remarks for a reviewer
gate_questions.schema.json   what may be written in it: an editor completes by it

Both are in the room that uses them. A room reads its file when the program starts; a
fault stops it, and is named with its file and line. Codes never change: databases, the
log and packs hold them.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from amana.faults import NOTHING, Fault
from amana.yaml_files.schema import build_validator, find_faults
from amana.yaml_files.translated import (
    FileText,
    find_schema,
    read_translated_keys,
    replace_texts,
)
from amana.yaml_files.yamls import UnreadableYAML, YAMLSource, read_yaml

if TYPE_CHECKING:
    from django.db.models.enums import _TextChoicesType as ChoicesType
else:
    from django.db.models.enums import ChoicesType

type Text = str | Promise
type Check = Callable[[YAMLSource], Iterable[Fault]]


class FaultyFile(Exception):
    """A file does not hold what it has to: a line for each fault."""


def read_reviewed(
    file: Path,
    codes: Mapping[str, Collection[str]] = NOTHING,
    *,
    check: Check | None = None,
) -> Any:
    """Read a file whose texts are then shown in the reader's language.

    `codes` are those of other files and of the program, by the names under which the
    schema asks for them: `"codesOf": "service_type"`. `check` finds what no schema can.
    Raises FaultyFile.
    """
    source, schema = read_source(file), find_schema(file)
    faults: Iterable[Fault] = find_faults(
        source, build_validator(read_schema(schema, codes))
    )
    if not faults and check:
        faults = [*check(source)]
    if faults:
        raise FaultyFile("\n".join(map(str, faults)))
    return replace_texts(source.plain, read_translated_keys(schema), translate)


def read_source(file: Path) -> YAMLSource:
    """Read the values of a file, and where each is. Raises FaultyFile."""
    try:
        return read_yaml(str(file), file.read_bytes())
    except UnreadableYAML as error:
        raise FaultyFile(str(error)) from error
    except OSError as error:
        raise FaultyFile(f"{file} could not be read: {error.strerror}.") from error


def read_schema(file: Path, codes: Mapping[str, Collection[str]]) -> dict[str, object]:
    """Read a schema, and list in it the codes that it asks for. Raises FaultyFile."""

    def list_codes(part: dict[str, object]) -> dict[str, object]:
        name = part.get("codesOf")
        return part | {"enum": [*codes[name]]} if isinstance(name, str) else part

    try:
        found: dict[str, object] = json.loads(
            file.read_text("utf-8"), object_hook=list_codes
        )
    except (OSError, ValueError) as error:
        raise FaultyFile(f"{file} could not be read: {error}.") from error
    return found


def translate(text: FileText) -> Promise:
    if text.context is not None:
        return pgettext_lazy(text.context, text.text)
    return gettext_lazy(text.text)


class CodesType(ChoicesType):
    """The type of codes that a file lists."""

    if TYPE_CHECKING:
        # mypy reads no YAML: to it any name is a code. A test finds a wrong one.
        def __getattr__[Code](cls: type[Code], name: str) -> Code: ...


class FileCodes(TextChoices, metaclass=CodesType):
    """Codes with their texts as a file lists them.

    class Sex(FileCodes):
        vars().update(name_codes(FILE["sex"]))
    """


def name_codes(texts: Mapping[str, Text]) -> dict[str, tuple[str, Text]]:
    """Name codes as Python calls them: `asylum_seeker` is ASYLUM_SEEKER."""
    return {code.upper(): (code, text) for code, text in texts.items()}

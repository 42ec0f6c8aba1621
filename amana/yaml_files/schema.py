"""Checks that a file has the shape of its schema, in sentences with a line.

Editors complete and check by the same schemas. A schema only tells that something does
not fit; here that becomes what its author has to correct."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from amana.faults import (
    LONGEST_QUOTE,
    Fault,
    find_near_name,
    gettext_noop,
    shorten_quote,
)
from amana.yaml_files.yamls import Place, YAMLSource

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError


MISSING = gettext_noop("“%(key)s” is missing here.")
UNKNOWN = gettext_noop("“%(key)s” does not belong here.")
NOT_ONE_OF = gettext_noop("“%(found)s” is none of these: %(known)s.")
EMPTY = gettext_noop("This is empty.")
TOO_LONG = gettext_noop("This is too long: at most %(most)s characters.")
TOO_MANY = gettext_noop("There are too many here: at most %(most)s.")
TOO_FEW = gettext_noop("There are too few here: at least %(least)s.")
TWICE = gettext_noop("Something appears twice in this list.")
ONLY_WITH = gettext_noop("“%(key)s” also needs “%(other)s”.")
ONE_OF_WORDS = gettext_noop("Exactly one of these belongs here: %(known)s.")
NO_DAY = gettext_noop("“%(found)s” is not a date. Write year-month-day: 2026-11-25.")
NUMBER = gettext_noop("%(found)s is too small or too large here.")
OTHERWISE = gettext_noop("This does not fit here: %(problem)s.")
NOT_A_TABLE = gettext_noop("Names with their values belong here, one per line.")
NOT_A_LIST = gettext_noop("A list belongs here.")
NOT_WORDS = gettext_noop(
    "Text belongs here. Put it in quotes if it could be read as something else."
)
NOT_A_NUMBER = gettext_noop("A number belongs here.")
NOT_YES_OR_NO = gettext_noop("true or false belongs here.")
NO_CODE = gettext_noop(
    "“%(found)s” is not a code: use lower-case letters without accents, "
    "digits and underscores, and begin with a letter."
)
NO_ANSWER = gettext_noop(
    "“%(found)s” is not a code: use letters without accents, digits and "
    "underscores, and begin with a letter."
)
NO_FILE = gettext_noop(
    "“%(found)s” is not a file name: use lower-case letters without accents, "
    "digits and hyphens, without the file extension."
)
NO_LANGUAGE = gettext_noop("“%(found)s” is not a language. Write its code, such as en.")
NO_DURATION = gettext_noop(
    "“%(found)s” is not a length of time. Write PT30M for minutes, PT24H for hours, "
    "P5D for days, P5B for working days."
)
NO_HOUR = gettext_noop("“%(found)s” is not a time of day. Write “08:00”, in quotes.")
NO_COUNTRY = gettext_noop("“%(found)s” is not a country. Write its code, such as KE.")
NO_INDICATOR = gettext_noop(
    "“%(found)s” is not an indicator’s code. Write it like this: I01."
)
NOT_SO_WRITTEN = gettext_noop("“%(found)s” does not have the right format here.")
NOT_LIST_WORD = gettext_noop("Codes in brackets belong here, or the word list.")

TYPES = {
    "object": NOT_A_TABLE,
    "array": NOT_A_LIST,
    "string": NOT_WORDS,
    "number": NOT_A_NUMBER,
    "integer": NOT_A_NUMBER,
    "boolean": NOT_YES_OR_NO,
}
PATTERNS = {
    "^[a-z][a-z0-9_]{0,59}$": NO_CODE,
    "^[A-Za-z][A-Za-z0-9_]{0,59}$": NO_ANSWER,
    "^[a-z][a-z0-9-]{0,59}$": NO_FILE,
    "^[a-z]{2,3}(-[A-Z]{2})?$": NO_LANGUAGE,
    "^(PT[1-9][0-9]{0,3}[MH]|P[1-9][0-9]{0,3}[DB])$": NO_DURATION,
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": NO_DAY,
    "^([01][0-9]|2[0-3]):[0-5][0-9]$": NO_HOUR,
    "^[A-Z]{2}$": NO_COUNTRY,
    "^[A-Z][0-9]{2}$": NO_INDICATOR,
    "^list$": NOT_LIST_WORD,
}

type Said = tuple[Place, str, dict[str, object]]


@cache
def load_validator(name: str, folder: Path) -> "Draft202012Validator":
    """Load a schema of a folder; there it may refer to the others."""
    found = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
    return build_validator(found[f"{name}.json"], found.values())


def build_validator(
    schema: Mapping[str, object], others: Iterable[Mapping[str, object]] = ()
) -> "Draft202012Validator":
    # Not with the module: next to the packages of the tests, importing jsonschema takes
    # more than a second, and tools that read these files check none by its schema.
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.validators import extend
    from referencing import Registry, Resource

    registry: Registry[object] = Registry().with_resources(
        (str(other["$id"]), Resource.from_contents(other)) for other in others
    )
    stricter = {"pattern": check_pattern, "uniqueItems": check_unique_items}
    strict = extend(Draft202012Validator, stricter)
    return strict(schema, registry=registry, format_checker=FormatChecker(["date"]))


def check_pattern(
    validator: "Draft202012Validator", pattern: str, found: object, _schema: object
) -> "Iterator[ValidationError]":
    from jsonschema.exceptions import ValidationError

    # In Python `$` is also before a last line break; in a schema it is the end alone.
    strict = pattern.replace("$", r"\Z")
    if isinstance(found, str) and not re.search(strict, found):
        yield ValidationError(f"{found!r} does not match {pattern!r}")


def check_unique_items(
    _validator: object, unique: bool, found: object, _schema: object
) -> "Iterator[ValidationError]":
    from jsonschema.exceptions import ValidationError

    # jsonschema compares each value with each where they are of several types: ten
    # thousand would hold up a page for a quarter of a minute.
    if unique and isinstance(found, list):
        seen = {json.dumps(value, sort_keys=True, default=str) for value in found}
        if len(seen) < len(found):
            yield ValidationError("a value appears twice")


def find_faults(source: YAMLSource, validator: "Draft202012Validator") -> list[Fault]:
    """Find one fault for each place that does not fit, in the order of the file."""
    said = [
        saying
        for error in validator.iter_errors(source.plain)
        for saying in explain_error(error)
    ]
    first: dict[Place, Fault] = {}
    for place, sentence, values in keep_first_causes(said):
        near = str(values.pop("near", ""))
        fault = source.fault(place, sentence, **values)
        first.setdefault(place, replace(fault, near=near))
    return sorted(first.values(), key=lambda fault: fault.line or 0)


def keep_first_causes(said: list[Said]) -> Iterator[Said]:
    """Drop what follows from another fault: a name that is misspelt is not missing too;
    a step that begins with no word needs no companions for it."""
    unknown: dict[Place, list[Said]] = {}
    missing: dict[Place, list[str]] = {}
    wordless = set()
    for fault in said:
        place, sentence, values = fault
        if sentence == UNKNOWN:
            unknown.setdefault(place[:-1], []).append(fault)
        elif sentence == MISSING:
            missing.setdefault(place[:-1], []).append(str(values["key"]))
        elif sentence == ONE_OF_WORDS:
            wordless.add(place[:-1])
    # One unknown name and one missing name at the same place: it is that one, misspelt
    # beyond what the comparison of letters finds.
    meant = {
        around: names[0]
        for around, names in missing.items()
        if len(names) == 1 and len(unknown.get(around, ())) == 1
    }
    spelt: set[tuple[Place, object]] = set(meant.items())
    for around, several in unknown.items():
        spelt |= {(around, fault[2]["near"]) for fault in several}
    for place, sentence, values in said:
        around = place[:-1]
        if sentence == UNKNOWN and around in meant:
            yield place, UNKNOWN, {"key": values["key"], "near": meant[around]}
        elif (sentence == MISSING and (around, values["key"]) in spelt) or (
            sentence == ONLY_WITH
            and (place[:-2] in wordless or (place[:-2], values["other"]) in spelt)
        ):
            continue
        else:
            yield place, sentence, values


def explain_error(error: "ValidationError") -> Iterator[Said]:
    """Yield the sentences about an error; several places may be wrong in one."""
    place: Place = tuple(error.absolute_path)
    if "propertyNames" in list(error.absolute_schema_path)[-3:]:
        place = (*place, error.instance)  # a name: its own place is not in the path
    say = SAYINGS.get(str(error.validator))
    if say is None:
        problem = error.message[:LONGEST_QUOTE]
        yield place, OTHERWISE, {"problem": problem}
    else:
        yield from say(error, place)


def explain_required(error: "ValidationError", place: Place) -> Iterator[Said]:
    for key in error.validator_value:
        if key not in error.instance:
            yield (*place, f"({key})"), MISSING, {"key": key}


def explain_unknown(error: "ValidationError", place: Place) -> Iterator[Said]:
    known = error.schema.get("properties", {})
    for key in error.instance:
        if key not in known:
            near = find_near_name(key, known)
            yield (*place, key), UNKNOWN, {"key": shorten_quote(key), "near": near}


def explain_type(error: "ValidationError", place: Place) -> Iterator[Said]:
    # A name with nothing after its colon: “empty” is what its author sees.
    if error.instance is None:
        yield place, EMPTY, {}
        return
    wanted = error.validator_value
    yield place, TYPES[wanted if isinstance(wanted, str) else wanted[0]], {}


def explain_pattern(error: "ValidationError", place: Place) -> Iterator[Said]:
    said = PATTERNS.get(error.validator_value, NOT_SO_WRITTEN)
    yield place, said, {"found": shorten_quote(error.instance)}


def explain_choice(error: "ValidationError", place: Place) -> Iterator[Said]:
    known = error.validator_value
    if error.validator == "const":
        known = [str(error.validator_value).lower()]
    listed = ", ".join(map(str, known))
    yield place, NOT_ONE_OF, {"found": shorten_quote(error.instance), "known": listed}


def explain_one_of(error: "ValidationError", place: Place) -> Iterator[Said]:
    words = [
        schema["required"][0]
        for schema in error.validator_value
        if "required" in schema
    ]
    # Each branch of the choice has its own reasons for failing; only which words are
    # possible helps an author.
    if words and isinstance(error.instance, Mapping):
        yield (*place, "(one)"), ONE_OF_WORDS, {"known": ", ".join(words)}
    elif error.instance is None:
        yield place, EMPTY, {}
    elif len(meant := list_meant_branches(error)) == 1:
        for child in meant[0]:
            yield from explain_error(child)
    else:
        yield place, NOT_SO_WRITTEN, {"found": shorten_quote(error.instance)}


def list_meant_branches(
    error: "ValidationError",
) -> "list[list[ValidationError]]":
    """List the branches of a choice that are for such a kind of value, each with what
    is wrong by it."""
    branches: dict[object, list[ValidationError]] = {}
    for child in error.context or ():
        branches.setdefault(child.schema_path[0], []).append(child)
    return [
        errors
        for errors in branches.values()
        if not any(
            child.validator in ("type", "const", "enum") and not child.path
            for child in errors
        )
    ]


def explain_companions(error: "ValidationError", place: Place) -> Iterator[Said]:
    for key, others in error.validator_value.items():
        if key in error.instance:
            for other in others:
                if other not in error.instance:
                    yield (
                        (*place, key, f"({other})"),
                        ONLY_WITH,
                        {"key": key, "other": other},
                    )


def explain_least(error: "ValidationError", place: Place) -> Iterator[Said]:
    least = error.validator_value
    if least == 1 or not error.instance:
        yield place, EMPTY, {}
    else:
        yield place, TOO_FEW, {"least": least}


def explain_many(error: "ValidationError", place: Place) -> Iterator[Said]:
    yield place, TOO_MANY, {"most": error.validator_value}


def explain_long(error: "ValidationError", place: Place) -> Iterator[Said]:
    yield place, TOO_LONG, {"most": error.validator_value}


def explain_twice(error: "ValidationError", place: Place) -> Iterator[Said]:
    yield place, TWICE, {}


def explain_number(error: "ValidationError", place: Place) -> Iterator[Said]:
    yield place, NUMBER, {"found": error.instance}


def explain_format(error: "ValidationError", place: Place) -> Iterator[Said]:
    yield place, NO_DAY, {"found": shorten_quote(error.instance)}


SAYINGS = {
    "required": explain_required,
    "additionalProperties": explain_unknown,
    "unevaluatedProperties": explain_unknown,
    "type": explain_type,
    "pattern": explain_pattern,
    "enum": explain_choice,
    "const": explain_choice,
    "oneOf": explain_one_of,
    "anyOf": explain_one_of,
    "dependentRequired": explain_companions,
    "minItems": explain_least,
    "minLength": explain_least,
    "minProperties": explain_least,
    "maxItems": explain_many,
    "maxProperties": explain_many,
    "maxLength": explain_long,
    "uniqueItems": explain_twice,
    "minimum": explain_number,
    "maximum": explain_number,
    "exclusiveMinimum": explain_number,
    "format": explain_format,
}

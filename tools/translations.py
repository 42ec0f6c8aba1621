"""The translations, without gettext's programs: a fresh machine has none (ADR 0004).

python -m tools.translations update    collect the texts from code and templates
python -m tools.translations compile   make what Django reads at run time
python -m tools.translations check     fail for a text that lacks a translation it needs

Which languages there are, and for which rooms each is complete, their folders in
`amana/locale/` say (ADR 78).
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import snowballstemmer
from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from amana.language_folders import (
    FILE,
    SOURCE,
    FaultyLanguage,
    PageLanguage,
    read_language,
    read_languages,
)
from amana.yaml_files.translated import list_lines, list_translated_files

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ROOT / "amana"

BREAKS = re.compile(r"(?<=\S)[ \u202f](?=[:;?!»](?!\w))|(?<=«)[ \u202f]")
"""Where French has a space that has to be U+00A0, or a line may begin with the mark.

A mark before a letter is code, as in `?sslmode=require`; one without any space is code
too, or a time, as 12:30."""

MARKS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def texts(product: Path = PRODUCT) -> Catalog:
    """Every text marked for translation: in code, in templates, in reviewed files."""
    found = Catalog(project="Amana", charset="utf-8")
    for path in sorted(product.rglob("*")):
        source = source_of(path, path.relative_to(product).parts)
        if source is None:
            continue
        marked = extract(
            "python",
            BytesIO(source.encode()),
            keywords=marks(source),
            comment_tags=["Translators:"],
            strip_comment_tags=True,
        )
        where = path.relative_to(product.parent).as_posix()
        for line, text, comments, context in marked:
            found.add(
                text,
                locations=[(where, line)],
                auto_comments=comments,
                context=context,
            )
    for path in list_translated_files(product):
        where = path.relative_to(product.parent).as_posix()
        for line, said in list_lines(path):
            found.add(said.text, locations=[(where, line)], context=said.context)
    return found


RENAMED = re.compile(r"\b(n?p?gettext\w*) as (\w+)")


def marks(source: str) -> dict[str, Any]:
    """What marks a text in this file: also by the name that the file gives to it."""
    return MARKS | {here: MARKS[mark] for mark, here in RENAMED.findall(source)}


def source_of(path: Path, parts: tuple[str, ...]) -> str | None:
    """Python that Babel can read: as it stands, or made from a template."""
    if path.suffix == ".py" and not {"tests", "migrations"} & set(parts):
        return path.read_text()
    if "templates" in parts and path.is_file():
        lines = templatize(path.read_text(), origin=str(path)).splitlines()
        # What is left of the markup has indentation, which means nothing here.
        return "\n".join(line.strip() for line in lines) + "\n"
    return None


def languages(product: Path = PRODUCT) -> list[PageLanguage]:
    """The languages that the texts are translated into."""
    found = read_languages(product / "locale")
    return [language for code, language in found.items() if code != SOURCE]


def po(language: str, product: Path = PRODUCT) -> Path:
    return product / "locale" / language / "LC_MESSAGES" / "django.po"


def translated(language: str, product: Path = PRODUCT) -> Catalog:
    path = po(language, product)
    described = read_language(product / "locale" / language)
    with path.open("rb") if path.exists() else empty(described) as file:
        return read_po(file, locale=language)


def empty(language: PageLanguage) -> BytesIO:
    """A catalogue without texts, with the plural forms in gettext's usual order.

    Babel's own order for Arabic puts "many" last, where translators expect "other"."""
    return BytesIO(
        f"""# Amana's texts. New ones come by: ./run messages
msgid ""
msgstr ""
"Project-Id-Version: Amana\\n"
"Language: {language.code}\\n"
"Plural-Forms: {language.plurals}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
""".encode()
    )


def update(product: Path = PRODUCT) -> None:
    """Add new texts, drop those no longer used, keep every translation."""
    found = texts(product)
    for language in languages(product):
        catalog = translated(language.code, product)
        catalog.update(found, no_fuzzy_matching=True)
        save(product, language.code, catalog)
        missing = sum(1 for message in catalog if message.id and not done(message))
        print(f"{language.code}: {len(catalog)} texts, {missing} not translated yet")


def save(product: Path, language: str, catalog: Catalog) -> None:
    buffer = BytesIO()
    write_po(
        buffer,
        catalog,
        width=88,
        ignore_obsolete=True,
        include_lineno=False,
        sort_by_file=True,
    )
    write(po(language, product), without_noise(buffer.getvalue()))


def without_noise(file: bytes) -> bytes:
    """The catalogue without the header's dates and unfilled names."""
    return re.sub(
        rb'^"(Project-|Report-|POT-|PO-|Last-|Language-Team|MIME-|Generated-).*\n',
        b"",
        file,
        flags=re.M,
    )


def compile_(product: Path = PRODUCT) -> None:
    for language in languages(product):
        source = po(language.code, product)
        target = source.with_suffix(".mo")
        if not source.exists() or (
            target.exists() and target.stat().st_mtime >= source.stat().st_mtime
        ):
            continue
        buffer = BytesIO()
        write_mo(buffer, translated(language.code, product))
        write(target, buffer.getvalue())


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


def check(product: Path = PRODUCT) -> list[str]:
    """What is wrong with the translations, one sentence each."""
    try:
        checked = languages(product)
    except FaultyLanguage as error:
        return str(error).splitlines()
    found = texts(product)
    wrong = []
    for language in checked:
        catalog = translated(language.code, product)
        wrong += [
            f"{language.code}: {problem}"
            for problem in folder_problems(language, catalog, found)
        ]
        wrong += [
            f"{language.code}: {problem}: {name(message)}"
            for message in found
            if message.id
            for problem in problems(
                message, catalog.get(message.id, message.context), language
            )
        ]
        wrong += [
            f"{language.code}: no longer used (run ./run messages): {name(message)}"
            for message in catalog
            if message.id and found.get(message.id, message.context) is None
        ]
    return wrong


def folder_problems(
    language: PageLanguage, catalog: Catalog, found: Catalog
) -> Iterator[str]:
    """What a language's folder says, and the rest of the house doesn't."""
    there = {file for message in found for file, _line in message.locations}
    for path in language.complete:
        if not any(file == path or file.startswith(f"{path}/") for file in there):
            yield f"{FILE} says that it is complete for {path}, where no text is"
    if catalog.plural_forms != language.plurals:
        yield f"{FILE} lacks the plural rule of django.po, {catalog.plural_forms}"
    try:
        Locale.parse(language.code)
    except (UnknownLocaleError, ValueError):
        yield f"“{language.code}” is the code of no language that Babel knows"
    if language.stemmer and language.stemmer not in snowballstemmer.algorithms():
        yield f"{FILE} names a stemmer that Snowball lacks: {language.stemmer}"


def problems(
    source: Message, target: Message | None, language: PageLanguage
) -> Iterator[str]:
    if target is None:
        yield "missing (run ./run messages)"
    elif not done(target):
        if any(forms(target.string)):
            yield "a form is empty"
        elif is_needed(source, language):
            yield "not translated"
    elif target.fuzzy:
        yield "marked fuzzy"
    elif isinstance(source.id, str) != isinstance(target.id, str):
        yield "one has a plural, the other not"
    elif isinstance(source.id, str):
        yield from differences(source.id, str(target.string))
    else:
        yield from plural_problems(source, forms(target.string), language)
    broken = any(map(BREAKS.search, forms(target.string if target else None)))
    if language.code == "fr" and broken:
        yield "a line may break before : ; ? ! » or after « (write U+00A0)"


def is_needed(message: Message, language: PageLanguage) -> bool:
    """Whether the text is in a room for which the language is complete."""
    return any(language.is_complete(file) for file, _line in message.locations)


def plural_problems(
    source: Message, strings: tuple[str, ...], language: PageLanguage
) -> Iterator[str]:
    if f"nplurals={len(strings)};" not in language.plurals:
        yield f"has {len(strings)} plural forms"
        return
    one, many = (placeholders(text) for text in forms(source.id))
    for number, text in enumerate(strings):
        inside = placeholders(text)
        lacking = many - inside
        if number in language.exact_forms:
            lacking = set() if len(lacking) < 2 else (one & many) - inside
        if lacking or inside - one - many:
            yield f"placeholders of form {number} differ"


def differences(source: str, target: str) -> Iterator[str]:
    if placeholders(source) != placeholders(target):
        yield "placeholders differ"
    if tags(source) != tags(target):
        yield "markup differs"
    for where in (str.startswith, str.endswith):
        if where(source, "\n") != where(target, "\n"):
            yield "begins or ends with another line break"


PLACEHOLDER = re.compile(
    r"%(?:\((?P<named>\w+)\))?[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]|\{(?P<braced>\w*)[^{}]*\}"
)


def placeholders(text: str) -> set[str]:
    return {match[0] for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def tags(text: str) -> list[str]:
    return sorted(re.findall(r"</?\w+", text))


def forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or [""])


def done(message: Message) -> bool:
    return all(forms(message.string))


def name(message: Message) -> str:
    text = forms(message.id)[0]
    files = ", ".join(sorted({file for file, _line in message.locations}))
    short = text if len(text) < 70 else text[:69] + "…"
    return f"{short!r} ({files})" if files else repr(short)


def describe_complete() -> str:
    """What the check found complete, in a sentence."""
    return "Complete: {}.".format(
        ", ".join(
            f"{language.code} ({len(language.complete)} paths)"
            if language.complete
            else language.code
            for language in languages()
        )
    )


def main(words: list[str]) -> int | str:
    match words:
        case ["update"]:
            update()
            compile_()
        case ["compile"]:
            compile_()
        case ["check"]:
            wrong = check()
            print("\n".join(wrong) or describe_complete())
            return 1 if wrong else 0
        case _:
            return __doc__
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

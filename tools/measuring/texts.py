"""Find the words that our glossary avoids in the texts that people read.

The texts are those of the translation catalogue, of templates outside it, of the
manual, the decisions and the mechanisms' packs. `tools/measures.toml` lists the words.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml
from babel.messages.pofile import read_po
from django.template.base import Lexer, Token, TokenType
from markdown_it import MarkdownIt
from python_calamine import load_workbook

from tools.translations import PLACEHOLDER, forms

type Data = str | int | float | bool | Sequence[Data] | Mapping[str, Data] | None

PAGES = ("docs/manual", "docs/operations", "docs/decisions")
OTHER_LANGUAGES = ("fr", "ar")
MARKUP = re.compile(r"<[^<>]*>")
IDENTIFIER = re.compile(r"[a-z0-9_.-]+")
COLUMNS = re.compile(
    r"(label|hint|guidance_hint|constraint_message|required_message|form_title)"
    r"(::English \(en\))?"
)
"""What an XLSForm's columns with English texts are called."""

SPACES = {"softbreak": " ", "hardbreak": " ", "code_inline": "…"}
"""What shows where Markdown holds no text of its own."""

BETWEEN = (
    # No preposition, or the words on both sides do not belong together ("look for the
    # team at"); no article, or they are other words ("put the right file").
    r"(?:(?!(?:after|as|by|for|in|into|like|of|on|to|up|with)\b)[\w']+\s+){0,3}?"
    r"(?<!\bthe\s)(?<!\ba\s)(?<!\ban\s)"
)


@dataclass(frozen=True, order=True)
class Place:
    """Where something was found, and what it is."""

    path: str
    line: int
    """0: the file's format knows no lines, or does not keep them."""
    text: str

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        return f"{self.path}{line}: {self.text}"


@dataclass(frozen=True)
class AvoidedWords:
    """The words to avoid, as `tools/measures.toml` writes them.

    `~` after a word adds its inflections, and ` … ` up to three words between.
    """

    instead: Mapping[str, str]
    """By what to avoid: what to write instead."""
    irregular: Mapping[str, str]
    """By a verb: its other forms, if the rule for regular ones does not make them."""

    def find_in(self, text: str) -> list[str]:
        """List what is to be avoided in a text, each once.

        Names of placeholders and of HTML elements are no words of the text.
        """
        plain = MARKUP.sub(" ", PLACEHOLDER.sub(" ", text.replace("’", "'")))
        # Nearly all texts hold none, so one search rules most of them out.
        if not self.any_of_them.search(plain):
            return []
        return [words for words, pattern in self.each.items() if pattern.search(plain)]

    @cached_property
    def any_of_them(self) -> re.Pattern[str]:
        return compile_words("|".join(map(self.write_pattern, self.instead)))

    @cached_property
    def each(self) -> dict[str, re.Pattern[str]]:
        return {
            words: compile_words(self.write_pattern(words)) for words in self.instead
        }

    def write_pattern(self, words: str) -> str:
        """Write a term as a regular expression, with its inflections."""
        parts = []
        for word in words.split():
            if word == "…":
                parts.append(BETWEEN)
            else:
                options = "|".join(map(re.escape, self.inflect(word)))
                parts.append(rf"(?:{options})\s+")
        return "".join(parts).removesuffix(r"\s+")

    def inflect(self, word: str) -> list[str]:
        """List the forms of a word that is followed by `~`; else the word itself."""
        if not word.endswith("~"):
            return [word]
        base = word.removesuffix("~")
        if base in self.irregular:
            return [base, *self.irregular[base].split()]
        stem = base.removesuffix("e")
        return [base, f"{base}s", f"{stem}ed", f"{stem}ing"]


def compile_words(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that matches whole words: no part of `stand-by`."""
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)


def find_avoided_words(
    root: Path, package: str, avoided: AvoidedWords
) -> Iterator[Place]:
    """Find every text with a word to avoid; a text counts once, whatever it holds."""
    for place in list_texts(root, package):
        if words := avoided.find_in(place.text):
            text = " ".join(place.text.split())
            yield Place(place.path, place.line, f"[{', '.join(words)}] {text}")


def list_texts(root: Path, package: str) -> Iterator[Place]:
    """List the English texts that people read."""
    yield from list_catalogue(root, package)
    for path in sorted((root / package).rglob("templates/**/*")):
        if path.is_file():
            yield from list_template(root, path)
    for folder in PAGES:
        for path in sorted((root / folder).rglob("*.md")):
            yield from list_markdown(root, path)
    for path in sorted((root / "mechanisms").rglob("*")):
        # The procedure is written once for each language, in a folder of its own.
        if not set(OTHER_LANGUAGES) & set(path.relative_to(root).parts):
            yield from list_pack_file(root, path)


def list_catalogue(root: Path, package: str) -> Iterator[Place]:
    """List the catalogue's texts, each with the first file that holds it.

    The French catalogue is read because reading all code takes ten times as long; that
    both have the same texts is what `tools.translations check` sees to.
    """
    path = root / package / "locale/fr/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        for message in read_po(file, locale="fr"):
            if message.id:
                [first, *_] = [*(place for place, _line in message.locations), ""]
                yield Place(first, 0, " / ".join(forms(message.id)))


def list_template(root: Path, path: Path) -> Iterator[Place]:
    """List a template's own texts: those that the catalogue does not hold."""
    source = "".join(show_own_text(path.read_text()))
    # Each newline stays, so that a text's line can be counted.
    for hidden in (r"<!--.*?-->", r"<(script|style)\b.*?</\1\s*>", MARKUP.pattern):
        source = re.sub(hidden, keep_newlines, source, flags=re.DOTALL)
    for text in re.finditer(r"[^\0]+", source):
        if words := text[0].strip():
            start = text.start() + text[0].index(words)
            line = source.count("\n", 0, start) + 1
            yield Place(name_file(root, path), line, words)


def show_own_text(template: str) -> Iterator[str]:
    """Leave out of a template its tags, its comments and what is translated."""
    until = ""
    for token in Lexer(template).tokenize():
        match token.token_type:
            case TokenType.BLOCK:
                until = end_of_hidden_block(token, until)
                yield "\n" * token.contents.count("\n")
            case TokenType.TEXT if not until:
                yield token.contents
            case _:
                yield "\n" * token.contents.count("\n")


def end_of_hidden_block(token: Token, until: str) -> str:
    """Name the tag that ends the block in which we are, if its text is not our own."""
    name = token.contents.split()[0]
    if until:
        return "" if name == until else until
    return f"end{name}" if name in ("blocktranslate", "blocktrans", "comment") else ""


def keep_newlines(match: re.Match[str]) -> str:
    return "\0" + "\n" * match[0].count("\n")


def list_markdown(root: Path, path: Path) -> Iterator[Place]:
    """List a page's paragraphs, entries and cells; code in them is no text."""
    for token in MarkdownIt("commonmark").enable("table").parse(path.read_text()):
        if token.type == "inline" and token.map:
            words = "".join(
                child.content if child.type == "text" else SPACES.get(child.type, "")
                for child in token.children or []
            )
            yield Place(name_file(root, path), token.map[0] + 1, words)


def list_pack_file(root: Path, path: Path) -> Iterator[Place]:
    """List the texts of one of the files that a mechanism is made of."""
    name = name_file(root, path)
    match path.suffix:
        case ".md":
            yield from list_markdown(root, path)
        case ".yaml" | ".json":  # every JSON file is YAML too
            node = yaml.compose(path.read_text(), Loader=yaml.CSafeLoader)
            for line, text in list_scalars(node):
                yield Place(name, line, text)
        case ".toml":
            for text in list_strings(tomllib.loads(path.read_text())):
                yield Place(name, 0, text)
        case ".xlsx":
            book = load_workbook(path)
            for sheet in book.sheet_names:
                heads, *rows = book.get_sheet_by_name(sheet).to_python()
                for row in rows:
                    for head, cell in zip(heads, row, strict=True):
                        if COLUMNS.fullmatch(str(head)):
                            yield Place(f"{name}/{sheet}", 0, str(cell))


def list_scalars(node: yaml.Node | None) -> Iterator[tuple[int, str]]:
    """List the values in a YAML document with their lines, but not its keys."""
    match node:
        case yaml.ScalarNode() if not IDENTIFIER.fullmatch(node.value):
            yield node.start_mark.line + 1, node.value
        case yaml.SequenceNode():
            for entry in node.value:
                yield from list_scalars(entry)
        case yaml.MappingNode():
            for key, value in node.value:
                if key.value not in OTHER_LANGUAGES:
                    yield from list_scalars(value)


def list_strings(data: Data) -> Iterator[str]:
    """List the texts in what TOML holds, but not those in other languages."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            if not key.endswith(tuple(f"_{code}" for code in OTHER_LANGUAGES)):
                yield from list_strings(value)
    elif isinstance(data, Sequence):
        for entry in data:
            yield from list_strings(entry)


def name_file(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()

"""The Markdown of a lesson: CommonMark and tables, no HTML, few addresses, sources.
And of a question’s document: lines and tables alone.

`[@palermo-3]` cites a source of the course. Three lines of our own stand alone:
`{{ question: m1-q03 }}`, `{{ helplines }}` and `{{ reflect: "…" }}`.

CommonMark 0.31 as markdown-it-py reads it. What comes out as HTML was escaped by it:
raw HTML is off, and an address that is neither https nor a figure stays plain text.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

CITED = re.compile(r"\[@([A-Za-z0-9][\w-]*(?:\s*[;,]\s*@[A-Za-z0-9][\w-]*)*)\]")
FIGURE = re.compile(r"figures/([a-z0-9][a-z0-9-]{0,59}(?:\.[a-z]{2,3})?)\.svg")
OUTSIDE = re.compile(r"https://[^\s]+")
OWN_LINE = re.compile(
    r"\{\{\s*(?:question:\s*(?P<question>[\w-]+)"
    r"|(?P<helplines>helplines)"
    r"|reflect:\s*[\"“](?P<reflect>.+)[\"”])\s*\}\}"
)
MOST_KEPT = 600
"""Stretches of prose whose HTML a process keeps: a whole course in one language is
about 250, of some kilobytes each."""
ANY_LINE = re.compile(r"\s*\{\{.*\}\}\s*")


@dataclass(frozen=True)
class ProsePiece:
    """A stretch of prose, or one of our own lines; and the line where it begins."""

    kind: str
    """words, question, helplines, reflect; unknown: a line of ours that isn't one."""
    said: str
    line: int


def iterate_pieces(body: str, first: int = 1) -> Iterator[ProsePiece]:
    """Yield what a lesson consists of, from the top; `first` is the body's first
    line."""
    held: list[str] = []
    begun = first
    for number, line in enumerate(body.split("\n"), first):
        if not ANY_LINE.fullmatch(line):
            if not held:
                begun = number
            held.append(line)
            continue
        if "".join(held).strip():
            yield ProsePiece("words", "\n".join(held), begun)
        held = []
        yield parse_own_line(line.strip(), number)
    if "".join(held).strip():
        yield ProsePiece("words", "\n".join(held), begun)


def parse_own_line(line: str, number: int) -> ProsePiece:
    found = OWN_LINE.fullmatch(line)
    if found is None:
        return ProsePiece("unknown", line, number)
    [(kind, said)] = [(k, v) for k, v in found.groupdict().items() if v]
    return ProsePiece(kind, "" if kind == "helplines" else said, number)


# -- reading, to look for mistakes -----------------------------------------------------


@dataclass
class MarkdownBlock:
    """A paragraph, heading, list, table or quotation, as it is read."""

    kind: str
    line: int
    level: int = 0
    """Of a heading."""
    words: str = ""
    cites: list[str] = field(default_factory=list)
    figures: list[tuple[str, str]] = field(default_factory=list)
    """Of each picture: its address, and what is said of it."""
    addresses: list[str] = field(default_factory=list)


KINDS = {
    "paragraph_open": "paragraph",
    "heading_open": "heading",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "blockquote_open": "quotation",
    "fence": "code",
    "code_block": "code",
}


def parse_blocks(words: str, first: int = 1) -> list[MarkdownBlock]:
    found: list[MarkdownBlock] = []
    for token in build_reader().parse(words):
        if token.level == 0 and token.type in KINDS:
            line = first + (token.map[0] if token.map else 0)
            level = int(token.tag[1]) if token.type == "heading_open" else 0
            found.append(MarkdownBlock(KINDS[token.type], line, level))
        if token.type == "inline" and found:
            read_inline(found[-1], token)
    return found


def read_inline(block: MarkdownBlock, inline: Token) -> None:
    said = []
    for token in inline.children or ():
        if token.type == "cite":
            block.cites += token.meta["keys"]
        elif token.type == "image":
            block.figures.append((str(token.attrs["src"]), token.content.strip()))
        elif token.type == "link_open":
            block.addresses.append(str(token.attrs["href"]))
        elif token.type in ("softbreak", "hardbreak"):
            said.append(" ")
        else:
            said.append(token.content)
    block.words = f"{block.words}\n{''.join(said).strip()}".strip()


@dataclass(frozen=True)
class ProseSection:
    """A heading of the second level, and the Markdown below it."""

    title: str
    """Empty for what comes before the first heading."""
    words: str
    line: int


def split_sections(words: str, first: int = 1) -> list[ProseSection]:
    """Split a text at its headings of the second level; `first` is its first line."""
    lines = words.split("\n")
    # Of each section: the line where it begins, the one after its heading, the title.
    begun = [(0, 0, ""), *iterate_headings(words), (len(lines), 0, "")]
    sections = [
        ProseSection(title, "\n".join(lines[below:end]).strip(), first + top)
        for (top, below, title), (end, _below, _title) in pairwise(begun)
    ]
    return [section for section in sections if section.title or section.words]


def iterate_headings(words: str) -> Iterator[tuple[int, int, str]]:
    for opened, inside in pairwise(build_reader().parse(words)):
        # A heading inside a quotation or a list begins no section.
        if (opened.type, opened.tag, opened.level) == ("heading_open", "h2", 0):
            assert opened.map
            heading = MarkdownBlock("heading", opened.map[0])
            read_inline(heading, inside)
            yield opened.map[0], opened.map[1], heading.words


def count_words(words: str) -> int:
    """Count the words that a reader sees in Markdown."""
    read = " ".join(block.words for block in parse_blocks(words))
    return sum(bool(re.search(r"\w", word)) for word in read.split())


# -- writing, for a page ---------------------------------------------------------------


def render_html(
    words: str, *, numbers: Mapping[str, int], address_of: Callable[[str], str]
) -> str:
    """Render HTML for a page, under its h1. `numbers`: of each cited source, its place
    in the list; `address_of` a figure's name."""
    named = {found[1] for found in FIGURE.finditer(words)}
    addresses = tuple((name, address_of(name)) for name in sorted(named))
    return render_once(words, tuple(sorted(numbers.items())), addresses)


@lru_cache(maxsize=MOST_KEPT)
def render_once(
    words: str,
    numbers: tuple[tuple[str, int], ...],
    addresses: tuple[tuple[str, str], ...],
) -> str:
    """Render a stretch of prose the first time that it is asked for: reading Markdown
    is half the work of a lesson's page, and all learners read the same."""
    tokens = build_writer().parse(words)
    lower_headings(tokens)
    replace_empty_headers(tokens)
    env = {"numbers": dict(numbers), "address_of": dict(addresses).__getitem__}
    written: str = build_writer().renderer.render(tokens, build_writer().options, env)
    return written


def render_document(words: str) -> str:
    """Render what a question shows as a document: its lines as they stand, and tables.

    Nothing else is Markdown in it: a register’s “#3” or “* * *” are what they are."""
    markdown = build_document_writer()
    tokens = markdown.parse(words)
    replace_empty_headers(tokens)
    written: str = markdown.renderer.render(tokens, markdown.options, {})
    return written


def lower_headings(tokens: Sequence[Token]) -> None:
    headings = [token for token in tokens if token.type.startswith("heading_")]
    if headings:
        # The page has an h1 already; a screen reader's outline skips no level.
        lower = max(0, 2 - min(int(token.tag[1]) for token in headings))
        for token in headings:
            token.tag = f"h{min(6, int(token.tag[1]) + lower)}"


def replace_empty_headers(tokens: Sequence[Token]) -> None:
    """Make a header with nothing in it, as above the names of rows, a plain cell: a
    screen reader would announce a header and read nothing."""
    for opened, inside, closed in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opened.type == "th_open" and not inside.content.strip():
            opened.tag = closed.tag = "td"


@cache
def build_reader() -> MarkdownIt:
    """Build a reader that follows every address, so that the wrong ones are found. It
    never writes."""
    markdown = build_markdown()
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    return markdown


@cache
def build_writer() -> MarkdownIt:
    markdown = build_markdown()
    markdown.validateLink = is_allowed  # type: ignore[method-assign]
    markdown.add_render_rule("cite", write_cite)
    markdown.add_render_rule("image", write_image)
    markdown.add_render_rule("link_open", write_link)
    return add_table_rules(markdown)


@cache
def build_document_writer() -> MarkdownIt:
    markdown = MarkdownIt("zero", {"html": False, "breaks": True})
    return add_table_rules(markdown.enable(["newline", "table"]))


def add_table_rules(markdown: MarkdownIt) -> MarkdownIt:
    markdown.add_render_rule("table_open", write_table_open)
    markdown.add_render_rule("table_close", write_table_close)
    return markdown


def is_allowed(url: str) -> bool:
    return bool(OUTSIDE.fullmatch(url) or FIGURE.fullmatch(url))


def build_markdown() -> MarkdownIt:
    # Without HTML: courses come from other academies, and a page of ours must not run
    # what they bring.
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.inline.ruler.before("link", "cite", read_cite)
    return markdown


def read_cite(state: StateInline, silent: bool) -> bool:
    found = CITED.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push("cite", "", 0)
        token.meta = {"keys": re.findall(r"[A-Za-z0-9][\w-]*", found[1])}
    state.pos = found.end()
    return True


type Tokens = Sequence[Token]


def write_cite(
    self: RendererHTML, tokens: Tokens, at: int, options: Any, env: Any
) -> str:
    numbers = sorted(env["numbers"].get(key, 0) for key in tokens[at].meta["keys"])
    links = ", ".join(f'<a href="#source-{n}">{n}</a>' for n in numbers)
    return f'<sup class="cite">[{links}]</sup>'


def write_image(
    self: RendererHTML, tokens: Tokens, at: int, options: Any, env: Any
) -> str:
    token = tokens[at]
    if found := FIGURE.fullmatch(str(token.attrs["src"])):
        token.attrs["src"] = env["address_of"](found[1])
        token.attrs["alt"] = token.content
        token.attrs["class"] = "prose-figure"
        return self.renderToken(tokens, at, options, env)
    return ""  # an address is all right in a link, and no picture


def write_link(
    self: RendererHTML, tokens: Tokens, at: int, options: Any, env: Any
) -> str:
    # The other site does not learn where its reader comes from.
    tokens[at].attrs["rel"] = "noreferrer noopener"
    return self.renderToken(tokens, at, options, env)


def write_table_open(
    self: RendererHTML, tokens: Tokens, at: int, options: Any, env: Any
) -> str:
    # It scrolls where it is wider than a phone, by keyboard too.
    return '<div class="prose-table" tabindex="0"><table>\n'


def write_table_close(
    self: RendererHTML, tokens: Tokens, at: int, options: Any, env: Any
) -> str:
    return "</table></div>\n"

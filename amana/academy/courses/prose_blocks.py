"""The Markdown of a course as blocks of what is printed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from amana.academy.courses.engine import prose
from amana.printing.document import (
    Block,
    Heading,
    Line,
    Paragraph,
    Points,
    Table,
    TextRun,
    get_words,
)

TO_FILL = "…"
"""A cell that is filled in by hand."""
NARROWEST, WIDEST = 8, 40
"""Characters by which a column's width is shared out."""
OF_EMPTY = 1.5
"""How much wider than its heading a column is in which people write by hand."""


@dataclass(frozen=True)
class ProsePrinter:
    """Prints prose; `numbers` has the place of each cited source in a list."""

    numbers: Mapping[str, int]

    def build_blocks(self, words: str) -> list[Block]:
        tree = SyntaxTreeNode(prose.build_reader().parse(words))
        return list(self.iterate_blocks(tree.children))

    def iterate_blocks(self, nodes: Iterable[SyntaxTreeNode]) -> Iterator[Block]:
        for node in nodes:
            if node.type == "heading":
                yield Heading(int(node.tag[1]), get_words(self.build_line(node)))
            elif node.type == "paragraph":
                yield Paragraph(self.build_line(node))
            elif node.type in LISTS:
                yield self.build_points(node)
            elif node.type == "table":
                yield self.build_table(node)
            elif node.type == "blockquote":
                yield from map(set_apart, self.iterate_blocks(node.children))
            elif node.type in ("fence", "code_block"):
                yield Paragraph((TextRun(node.content.strip(), code=True),))

    def build_points(self, node: SyntaxTreeNode) -> Points:
        lines = tuple(line for item in node.children for line in self.list_lines(item))
        return Points(lines, ordered=node.type == "ordered_list")

    def list_lines(self, item: SyntaxTreeNode) -> Iterator[Line]:
        """List what stands in one item: its text, and one line for each item of a list
        inside it, since what is printed knows no list in a list."""
        text: list[TextRun] = []
        for child in item.children:
            for inner in child.walk() if child.type not in LISTS else ():
                if inner.type in ("inline", "fence", "code_block"):
                    text += [TextRun(" "), *self.iterate_runs(inner)]
        # Without the space before the first paragraph.
        yield tuple(text[1:])
        for child in item.children:
            for inner in child.children if child.type in LISTS else ():
                for line in self.list_lines(inner):
                    yield (TextRun("– "), *line)

    def build_table(self, node: SyntaxTreeNode) -> Table:
        head, *rows = [
            tuple(self.build_line(cell) for cell in row.children)
            for part in node.children
            for row in part.children
        ]
        cells = tuple(tuple(map(empty_blank, row)) for row in rows)
        titles = tuple(map(get_words, head))
        # A tick needs to be seen in its column, and a row's own title is no place for
        # one.
        ruled = any(not get_words(cell) for row in cells for cell in row[1:])
        widths = measure_columns(titles, cells)
        return Table(titles, cells, widths, ruled=ruled)

    def build_line(self, node: SyntaxTreeNode) -> Line:
        return tuple(
            run for inline in node.children for run in self.iterate_runs(inline)
        )

    def iterate_runs(
        self, node: SyntaxTreeNode, *, strong: bool = False, emphasis: bool = False
    ) -> Iterator[TextRun]:
        strong = strong or node.type == "strong"
        emphasis = emphasis or node.type == "em"
        if node.type in ("softbreak", "hardbreak"):
            yield TextRun(" ")
        elif node.type == "cite":
            numbers = sorted(self.numbers.get(key, 0) for key in node.meta["keys"])
            yield TextRun(" ".join(f"[{number}]" for number in numbers))
        elif node.type == "code_inline":
            yield TextRun(node.content, code=True)
        elif node.children:
            for child in node.children:
                yield from self.iterate_runs(child, strong=strong, emphasis=emphasis)
        elif node.content:
            yield TextRun(node.content, strong=strong, emphasis=emphasis)


LISTS = ("bullet_list", "ordered_list")


def set_apart(block: Block) -> Block:
    """Set a quotation apart: in a session kit, what is read aloud."""
    return Paragraph(block.line, "lead") if isinstance(block, Paragraph) else block


def empty_blank(line: Line) -> Line:
    """Empty a cell that is to be filled in, so that its place is left white."""
    return (TextRun(""),) if get_words(line).strip() == TO_FILL else line


def measure_columns(
    titles: tuple[str, ...], rows: tuple[tuple[Line, ...], ...]
) -> tuple[int, ...]:
    """Measure how wide each column is, beside the others: by what is in it, or by its
    heading where people write."""
    widths = []
    for at, title in enumerate(titles):
        texts = [get_words(row[at]).strip() for row in rows]
        lengths = [len(text) for text in texts if text]
        # Without a heading, an empty column is there to be written in at length.
        empty = OF_EMPTY * len(title) if title else WIDEST
        filled = sum(lengths) / len(lengths) if lengths else empty
        wide = round(max(filled, len(title)))
        widths.append(max(NARROWEST, min(wide, WIDEST)))
    return tuple(widths)

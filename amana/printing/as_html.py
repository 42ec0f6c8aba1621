"""A document as HTML: its body for a page here, or a file that stands alone."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from amana.printing import document as tree
from amana.printing.document import Block, Document, Line, TextRun

SHEET = Path(__file__).parent / "static" / "printing" / "paper.css"


def render_file(document: Document) -> str:
    """Render a file that needs nothing else, to be opened from a disk."""
    return format_html(
        '<!doctype html>\n<html lang="{}" dir="{}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>{} – {}</title>\n<style>{}</style>\n</head>\n"
        "<body>\n<main>{}</main>\n</body>\n</html>\n",
        document.language,
        document.direction,
        document.title,
        document.of,
        read_style_sheet(),
        render_article(document),
    )


@cache
def read_style_sheet() -> SafeString:
    # Ours, without a sign that HTML would read; format_html sees to that.
    return format_html("{}", SHEET.read_text())


def render_article(document: Document) -> SafeString:
    return format_html(
        '<article class="paper" lang="{}" dir="{}">{}{}{}{}<footer>{}</footer>'
        "</article>",
        document.language,
        document.direction,
        render_header(document),
        format_html('<p class="paper-notice">{}</p>', document.notice)
        if document.notice
        else "",
        render_contents(document) if document.contents else "",
        join_parts(
            render_block(block, nth) for nth, block in enumerate(document.blocks)
        ),
        document.foot,
    )


def join_parts(parts: Iterable[object]) -> SafeString:
    return format_html_join("\n", "{}", ((part,) for part in parts))


def render_header(document: Document) -> SafeString:
    facts = format_html_join(
        "",
        "<dt>{}</dt><dd>{}</dd>",
        ((label, render_runs(line)) for label, line in document.facts),
    )
    return format_html(
        '<header><p class="paper-of">{}</p><h1>{}</h1><dl>{}</dl></header>',
        document.of,
        document.title,
        facts,
    )


def render_contents(document: Document) -> SafeString:
    entries = format_html_join(
        "",
        '<li><a href="#part-{}">{}{}</a></li>',
        (
            (nth, render_number(block.number), block.words)
            for nth, block in enumerate(document.blocks)
            if isinstance(block, tree.Heading) and block.level == 1
        ),
    )
    return format_html(
        '<nav aria-label="{0}"><h2>{0}</h2><ul class="paper-contents">{1}</ul></nav>',
        document.contents,
        entries,
    )


def render_number(number: str) -> SafeString | str:
    return format_html("<span>{}</span> ", number) if number else ""


def render_runs(line: Line) -> SafeString:
    return format_html_join("", "{}", ((render_run(piece),) for piece in line))


def render_run(one: TextRun) -> SafeString:
    if one.code:
        return format_html('<bdi dir="ltr"><code>{}</code></bdi>', one.words)
    if one.strong:
        return format_html("<strong>{}</strong>", one.words)
    if one.emphasis:
        return format_html("<em>{}</em>", one.words)
    return format_html("{}", one.words)


# --- blocks


def render_heading(block: tree.Heading, nth: int) -> SafeString:
    # The title of the document is the page's h1.
    tag = f"h{block.level + 1}"
    number = render_number(block.number)
    return format_html('<{0} id="part-{1}">{2}{3}</{0}>', tag, nth, number, block.words)


def render_paragraph(block: tree.Paragraph, nth: int) -> SafeString:
    return format_html('<p data-kind="{}">{}</p>', block.kind, render_runs(block.line))


def render_points(block: tree.Points, nth: int) -> SafeString:
    items = format_html_join(
        "", "<li>{}</li>", ((render_runs(line),) for line in block.lines)
    )
    return format_html("<{0}>{1}</{0}>", "ol" if block.ordered else "ul", items)


def render_boxes(block: tree.Boxes, nth: int) -> SafeString:
    kind = "one" if block.one_only else "several"
    items = format_html_join("", "<li>{}</li>", ((label,) for label in block.labels))
    return format_html('<ul class="paper-boxes" data-kind="{}">{}</ul>', kind, items)


def render_blank(block: tree.Blank, nth: int) -> SafeString:
    lines = format_html_join("", "<{}>", (("hr",) for _line in range(block.lines)))
    return format_html(
        '<div class="paper-blank"><span>{}</span>{}</div>', block.label, lines
    )


def render_table(block: tree.Table, nth: int) -> SafeString:
    head = format_html_join(
        "", '<th scope="col">{}</th>', ((heading,) for heading in block.head)
    )
    rows = format_html_join(
        "\n",
        "<tr>{}</tr>",
        ((render_cells(row, len(block.head)),) for row in block.rows),
    )
    return format_html(
        # It scrolls sideways on a phone, so a keyboard has to reach it (WCAG 2.1.1).
        '<div class="paper-table" tabindex="0" role="group" aria-label="{}">'
        '<table data-kind="{}"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        block.head[0],
        "centred" if block.centred else "ruled" if block.ruled else "plain",
        head,
        rows,
    )


def render_cells(row: tuple[Line, ...], across: int) -> SafeString:
    first, *others = row
    if not others:
        return format_html(
            '<th scope="rowgroup" colspan="{}">{}</th>', across, render_runs(first)
        )
    return format_html(
        '<th scope="row">{}</th>{}',
        render_runs(first),
        format_html_join(
            "", "<td>{}</td>", ((render_runs(other),) for other in others)
        ),
    )


def render_cards(block: tree.Cards | tree.Slides, nth: int) -> SafeString:
    kind = "slide" if isinstance(block, tree.Slides) else "card"
    return format_html_join(
        "\n",
        '<section class="paper-card" data-kind="{0}"><h{1}>{2}</h{1}>{3}</section>',
        (
            (
                kind,
                block.level + 1,
                card.title,
                join_parts(render_block(part, nth) for part in card.blocks),
            )
            for card in block.cards
        ),
    )


def render_new_page(block: tree.NewPage, nth: int) -> SafeString:
    return format_html('<div class="{}"></div>', "paper-break")


def render_picture(block: tree.Picture, nth: int) -> SafeString:
    return format_html(
        '<figure class="paper-map" tabindex="0" role="group" aria-label="{}">{}'
        "</figure>",
        block.words,
        block.drawing.svg(),
    )


def render_numbers(block: tree.Numbers, nth: int) -> SafeString:
    return format_html(
        '<ul class="paper-numbers">{}</ul>',
        format_html_join(
            "",
            "<li><strong>{}</strong><span>{}</span><small>{}</small></li>",
            block.items,
        ),
    )


SHOWN: dict[type[object], Callable[[Any, int], SafeString]] = {
    tree.Heading: render_heading,
    tree.Paragraph: render_paragraph,
    tree.Points: render_points,
    tree.Boxes: render_boxes,
    tree.Blank: render_blank,
    tree.Table: render_table,
    tree.Picture: render_picture,
    tree.Numbers: render_numbers,
    tree.Cards: render_cards,
    tree.Slides: render_cards,
    tree.NewPage: render_new_page,
}


def render_block(block: Block, nth: int) -> SafeString:
    return SHOWN[type(block)](block, nth)

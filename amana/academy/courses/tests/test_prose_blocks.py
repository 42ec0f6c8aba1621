"""What a course writes in Markdown is printed with all its words."""

from amana.academy.courses.prose_blocks import ProsePrinter
from amana.printing.document import (
    Heading,
    Paragraph,
    Points,
    Table,
    TextRun,
    get_words,
)

WORDS = """\
## A *talk* with **her**

She said [@who-2003; @own]: **“No.”**
It was *her* `code`.

> “You may stop.”

1. Ask
   once more
2. Wait

   and then

   - not long
   - not alone

| Act | Seen |
|---|---|
| Asks **alone** | … |

***

    a form
"""
PRINTER = ProsePrinter({"own": 2, "who-2003": 1})


def words_of(lines):
    return [get_words(line) for line in lines]


def test_each_kind_of_block_is_printed():
    heading, said, aloud, points, table, form = PRINTER.build_blocks(WORDS)
    assert heading == Heading(2, "A talk with her")
    assert isinstance(said, Paragraph)
    assert get_words(said.line) == "She said [1] [2]: “No.” It was her code."
    assert TextRun("“No.”", strong=True) in said.line
    assert TextRun("her", emphasis=True) in said.line
    assert TextRun("code", code=True) in said.line
    assert aloud == Paragraph((TextRun("“You may stop.”"),), "lead")
    assert isinstance(points, Points)
    assert points.ordered
    assert words_of(points.lines) == [
        "Ask once more",
        "Wait and then",
        "– not long",
        "– not alone",
    ]
    assert isinstance(table, Table)
    assert table.head == ("Act", "Seen")
    assert words_of(table.rows[0]) == ["Asks alone", ""]
    assert table.ruled
    assert form == Paragraph((TextRun("a form", code=True),))


def test_a_column_is_as_wide_as_what_is_in_it_and_never_the_whole_page():
    long = "word " * 40
    words = f"| Act | Seen | What exactly |\n|---|---|---|\n| {long} | … | … |\n"
    [table] = PRINTER.build_blocks(words)
    assert isinstance(table, Table)
    assert table.widths == (40, 8, 18)
    [free] = PRINTER.build_blocks("| Your sentence | |\n|---|---|\n| Card | … |\n")
    assert isinstance(free, Table)
    assert free.widths == (13, 40)


def test_nothing_in_a_text_is_read_as_markup_of_another_kind():
    [said] = PRINTER.build_blocks("<b>#panic</b> $x$ [a](https://example.org)")
    assert isinstance(said, Paragraph)
    assert get_words(said.line) == "<b>#panic</b> $x$ a"

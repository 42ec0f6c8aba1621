"""What an author types becomes harmless HTML, whatever it is."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.academy.courses.engine import prose, readability

MAY_BE = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "em", "strong", "a"),
    *("blockquote", "code", "pre", "table", "thead", "tbody", "tr", "th", "td"),
    *("div", "img", "br", "hr", "sup"),
}
MAY_SAY = {"href", "rel", "title", "src", "alt", "class", "start", "tabindex"}


class Looked(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in MAY_BE:
            self.wrong.append(tag)
        for name, value in attrs:
            if name not in MAY_SAY and not (tag in ("th", "td") and name == "style"):
                self.wrong.append(f"{tag} {name}")
            inside = tag == "a" and (value or "").startswith("#source-")
            allowed = inside or (value or "").startswith(("https://", "/figures/"))
            if name in ("href", "src") and not allowed:
                self.wrong.append(f"{tag} {name}={value}")


def written(words):
    return prose.render_html(
        words, numbers={"who": 1}, address_of=lambda name: f"/figures/{name}"
    )


def wrong_in(html):
    looked = Looked()
    looked.feed(html)
    return looked.wrong


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](data:text/html,x)",
    "[a](http://example.org)",
    "![a](https://example.org/x.png)",
    '![a" onload="x](figures/a.svg)',
    '<https://example.org/" onclick="x>',
    "[@who]: javascript:alert(1)",
    "```<script>\n</script>\n```",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_that_does_something_gets_through(words):
    assert wrong_in(written(words)) == []


pieces = st.sampled_from(
    [*HOSTILE, "*a*", "**", "[@who]", "|a|b|\n|---|---|", "> ", "\n"]
)


@given(st.lists(pieces | st.text(max_size=8), max_size=8).map("".join))
def test_nothing_gets_through_in_any_mixture(words):
    assert wrong_in(written(words)) == []


def test_the_looking_notices_what_it_forbids():
    assert wrong_in("<script>") == ["script"]
    assert wrong_in('<a href="javascript:x">') == ["a href=javascript:x"]
    assert wrong_in('<p onclick="x">') == ["p onclick"]


@given(st.lists(pieces | st.text(max_size=8), max_size=8).map("".join))
def test_a_document_shows_its_words_and_does_nothing(words):
    assert wrong_in(prose.render_document(words)) == []


def test_a_document_keeps_its_lines_and_tables_and_reads_no_other_markdown():
    html = prose.render_document(
        "Register #3\n* 02:10 <b>Two</b>\n\n|  | شهر |\n|---|---|\n| أجر | 180 |\n"
    )

    assert "<p>Register #3<br>\n* 02:10 &lt;b&gt;Two&lt;/b&gt;</p>" in html
    assert "<td></td>\n<th>شهر</th>" in html
    assert "<td>أجر</td>\n<td>180</td>" in html
    assert html.count('class="prose-table" tabindex="0"') == 1


def test_a_source_becomes_its_number_and_headings_stand_below_the_title():
    html = written("# Why\n\nAs WHO says [@who].\n\n## How")

    assert '<a href="#source-1">1</a>' in html
    assert "<h2>Why</h2>" in html
    assert "<h3>How</h3>" in html


def test_our_own_lines_stand_between_the_words():
    body = "One\n\n{{ question: m1-q01 }}\nTwo\n{{ reflect: “Why?” }}\n{{ nothing }}"

    found = [
        (piece.kind, piece.said.strip(), piece.line)
        for piece in prose.iterate_pieces(body, 5)
    ]

    assert found == [
        ("words", "One", 5),
        ("question", "m1-q01", 7),
        ("words", "Two", 8),
        ("reflect", "Why?", 9),
        ("unknown", "{{ nothing }}", 10),
    ]


def test_what_to_think_about_may_hold_quotation_marks():
    [piece] = prose.iterate_pieces('{{ reflect: "Which “no” leads to the street?" }}')

    assert (piece.kind, piece.said) == ("reflect", "Which “no” leads to the street?")


def test_short_words_in_short_sentences_need_little_school():
    easy = readability.compute_grade(
        ["She may say no. We wait. We help her all the same."]
    )
    hard = readability.compute_grade(
        [
            "Notwithstanding jurisdictional considerations, identification "
            "necessitates "
            "interdisciplinary collaboration."
        ]
    )

    assert easy < 3
    assert hard > 18


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("help", 1),
        ("helped", 1),
        ("wanted", 2),
        ("table", 2),
        ("consent", 2),
        ("referral", 3),
        ("name", 1),
        ("services", 3),
        ("eye", 1),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word, count):
    assert readability.count_syllables(word) == count

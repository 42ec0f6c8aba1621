"""Patterns of regex(): one reading, the same answers on the server and in the browser,
and none that can be made to run for minutes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amana.design.forms import plan
from amana.design.forms.engine import patterns
from amana.design.forms.engine.expressions import parse_expression
from amana.design.forms.engine.form_faults import UnreadablePart
from amana.design.forms.tests import writing
from amana.design.forms.tests.writing import q
from tests.peers.node import Scripts

SCRIPTS = Path(__file__).parents[1] / "static/forms"


@pytest.fixture(scope="module")
def scripts() -> Iterator[Scripts]:
    with Scripts(SCRIPTS) as running:
        yield running


SIGNS = "ab0 -._é🙂\u0633\n\t\ud800"
ATOMS = [
    *("a", "b", "0", " ", "-", "é", "🙂", "س", ".", "[ab]", "[^a]", "[a-c0]", "[^\\s]"),
    *("\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "\\.", "\\-", "[\\d-]", "[-a]"),
    *("[^\\W0]", "[ء-ي ]", "\\u0061", "[\\u0600-\\u06ff]", "[.*+?()|{}^$]", "[^a-]"),
    *("\\t", "()"),
]
COUNTS = ["*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,3}", "*?", "+?", "??", "{0}"]


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"{two[0]}|{two[1]}"),
        st.tuples(inner, st.sampled_from(COUNTS)).map(
            lambda two: f"({two[0]}){two[1]}"
        ),
        st.tuples(st.sampled_from(ATOMS), st.sampled_from(COUNTS)).map("".join),
        inner.map(lambda one: f"(?:{one})"),
        inner.map(lambda one: f"^{one}$"),
    )


some_patterns = st.recursive(st.sampled_from(ATOMS), larger, max_leaves=8)
answers = st.text(SIGNS, max_size=7)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(
    pairs=st.lists(
        st.tuples(some_patterns, st.lists(answers, min_size=3, max_size=6)),
        min_size=10,
        max_size=25,
    )
)
def test_server_and_browser_give_one_answer(
    scripts: Scripts, pairs: list[tuple[str, list[str]]]
) -> None:
    asked = [(pattern, answer) for pattern, some in pairs for answer in some]
    trees = [[patterns.parse_pattern(pattern), answer] for pattern, answer in asked]
    theirs = scripts.ask("patterns", pairs=trees)
    for (pattern, answer), there in zip(asked, theirs, strict=True):
        here = patterns.is_match(pattern, answer)
        assert here == there, (pattern, answer)
        if not {"\n", "\ud800"} & set(answer):  # of which Python thinks otherwise
            third = re.compile(pattern, re.ASCII).fullmatch(answer) is not None
            assert here == third, (pattern, answer)


REAL = {
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,4}": ("a.b@c.org", "a.b@c"),
    r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Z|a-z]{2,}$": ("a@b.org", "a@"),
    r"^(([0-9]{1})*[- .(]*([0-9]{3})[- .)]*[0-9]{3}[- .]*[0-9]{4})+$": (
        "020 123 1234",
        "12",
    ),
    r"^[\u0621-\u064A ]+$": ("سلام", "abc"),
    r"^[A-Za-zÀ-ÿ '’.-]+$": ("Zoë d’Or", "1"),
    r"^0(7|1)\d{8}$": ("0712345678", "0512345678"),
    r"^(?:[0-9]{11})$": ("12345678901", "1"),
    r"^https?://.+": ("https://a", "ftp://a"),
    r"^\S+( \S+){4}$": ("a b c d e", "a b"),
    r"^.{3,10}$": ("abcd", "ab\ncd"),
    r"^([^0-9]*)$": ("abc", "a1"),
    r"^[a-zA-Z\s\-\.']*$": ("O'Neil", "1"),
    r"^\+?[0-9]{1,3}?[-. ]?(\d{1,3}[-. ]?){2,4}$": ("+49 30 123 456", "x"),
    r"^([01]\d|2[0-3]):[0-5]\d$": ("23:59", "24:00"),
    r"[0-9]{10}": ("0123456789", "a0123456789"),
    r"[^\d]{2}|[+--]": ("٣٣", "3"),
}
"""Of forms that people use, with an answer that fits and one that does not."""


@pytest.mark.parametrize("pattern", sorted(REAL))
def test_what_forms_use_is_read_as_their_authors_meant(
    scripts: Scripts, pattern: str
) -> None:
    right, wrong = REAL[pattern]
    assert patterns.is_match(pattern, right)
    assert not patterns.is_match(pattern, wrong)
    pairs = [[patterns.parse_pattern(pattern), answer] for answer in (right, wrong)]
    assert scripts.ask("patterns", pairs=pairs) == [True, False]


HOSTILE = {
    r"((\d{1,6}){1,6}){1,6}x": "1" * 999,
    r"(\d{1,10}\d{1,10}){1,10}x": "1" * 999,
    r"(\w?\w?\w?\w?){1,12}!": "a" * 999,
    r"(\d{1,3}){1,12}(\d{1,3}){1,12}x": "1" * 999,
    r"^(a+)+$": "a" * 999 + "!",
    r"(a|a)*(a|aa)*b": "a" * 1000,
    r"(.*a){20}": "a" * 19 + "b" * 900,
    r"(((a*)*)*)*b": "a" * 1000,
    r"^(([0-9]{1})*[- .(]*([0-9]{3})[- .)]*[0-9]{3}[- .]*[0-9]{4})+$": "1" * 999 + "x",
    r"[a-z]{0,900}!": "a" * 1000,
}
"""Which stopped a server, a browser, or would. Going back, none of them ever ends."""


@pytest.mark.parametrize("pattern", sorted(HOSTILE))
def test_what_stopped_a_server_takes_each_sign_once(
    scripts: Scripts, pattern: str
) -> None:
    answer, tree = HOSTILE[pattern], patterns.parse_pattern(pattern)
    assert not patterns.is_match(pattern, answer)
    assert scripts.ask("patterns", pairs=[[tree, answer]]) == [False]
    short, long = answer[:400], answer[:800]
    few, many = scripts.ask("steps", pairs=[[tree, short], [tree, long]])
    assert many <= 2 * few + patterns.MOST_STEPS, "twice the signs, twice the steps"
    assert many <= 2 * patterns.MOST_STEPS * (len(long) + 1)


INSTEAD = {
    r"^(?!0{1,3}$)\d{1,3}$": "looks ahead or back",
    r"(?<=a)b": "“(?<=” in the pattern",
    r"^(\w)\1+$": "refers back to what a group has matched",
    r"(?i)abc": "both upper- and lower-case letters, as in [Aa]",
    r"(?P<year>\d{4})": "Write ( or (?: for a group",
    r"^[a-z&&[^aeiou]]+$": "Write one set of all the characters you mean",
    r"[a&&b]": "“&&” in the pattern",
    r"[a[bc]]": "“[” in the pattern",
    r"\p{L}+": "“\\p{L}” in the pattern",
    r"[[:alpha:]]": "Write the characters themselves as ranges",
    r"[A-Z]{3}+_": "Leave out the last +.",
    r"a++": "Leave out the last +.",
    r"\A[A-Z]+": "is not needed: a pattern always applies to the whole answer",
    r"\bno\b": "is not needed: a pattern always applies to the whole answer",
    r"\h*": "Write the character itself, or its number, as in \\u0041.",
    r"[\b]": "Write the character itself, or its number, as in \\u0041.",
    r"\ud83d": "Write the character itself, or its number, as in \\u0041.",
    r"[\w-.]": "“\\w-.” in the pattern “[\\w-.]” is not a range.",
    r"[z-a]": "Write the smaller one first.",
    r"a{3,2}": "Write the smaller one first.",
    r"[]": "A set in the pattern “[]” is empty.",
    r"[^\d\D]": "is empty",
    r"[^": "a “[” is never closed",
    r"(a": "a “(” is never closed",
    r"a)": "If you mean the character itself, write \\).",
    r"a{": "If you mean the character itself, write \\{.",
    r"a{,5}": "If you mean the character itself, write \\{.",
    r"a]": "If you mean the character itself, write \\].",
    "a\\": "“\\” can’t be used here",
    r"*a": "there is nothing for “*” to repeat",
    r"a**": "there is nothing for “*” to repeat",
    r"^*": "there is nothing for “*” to repeat",
    r"a{2}{3}": "there is nothing for “{” to repeat",
    r"((a{1,100}){1,100}){1,100}": "its repeats multiply to a thousand",
    r"a{1001}": "its repeats multiply to a thousand",
    "(" * 21 + "a" + ")" * 21: "more than 20 nested brackets",
    "a" * 501: "at most 500 characters",
}


@pytest.mark.parametrize("pattern", sorted(INSTEAD))
def test_what_is_not_understood_is_refused_saying_what_to_write(pattern: str) -> None:
    with pytest.raises(UnreadablePart) as refused:
        patterns.compile_pattern(pattern)

    assert INSTEAD[pattern] in str(refused.value)


def test_an_author_is_told_with_row_and_column() -> None:
    assert writing.faults(q("text", "why", constraint="regex(., '(?=a)b')")) == [
        "f.xlsx, survey 2 constraint: “(?=” in the pattern “(?=a)b” looks ahead or "
        "back, which can take very long. Write two conditions: regex(., '…') and "
        "not(regex(., '…'))."
    ]


def test_a_longer_answer_fits_no_pattern_on_either_side(scripts: Scripts) -> None:
    tree, long = patterns.parse_pattern(".*"), "🙂" * 1000
    assert [patterns.is_match(".*", long), patterns.is_match(".*", long + "a")] == [
        True,
        False,
    ]
    pairs = [[tree, long], [tree, long + "a"]]
    assert scripts.ask("patterns", pairs=pairs) == [True, False]


def test_the_browser_is_given_the_tree_and_never_the_authors_pattern() -> None:
    sent = plan.shorten_tree(
        parse_expression("not(regex(${age}, '[0-5]+')) and ${age} = '[0-5]+'")
    )
    assert sent == [
        "and",
        ["f", "not", ["f", "regex", ["$", "age"], ["/", ["*", [48, 53], 1, None]]]],
        ["=", ["$", "age"], ["'", "[0-5]+"]],
    ]


def test_what_two_engines_read_otherwise_reaches_neither() -> None:
    """RE2 takes `[a-z&&[^aeiou]]` for something else, and says nothing."""
    assert patterns.format_re2(patterns.parse_pattern("[b-d.]$|^x?")) == (
        r"(?:(?:[\x{2e}-\x{2e}\x{62}-\x{64}]\z)|(?:\A(?:[\x{78}-\x{78}]){0,1}))"
    )

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.insight.disclosure.engine import table_checks, table_files
from amana.insight.disclosure.engine.table_checks import CheckOutcome, Why, check_tables


def verdicts(
    text: str, encoding: str = "utf-8"
) -> list[tuple[CheckOutcome, list[Why]]]:
    found = check_tables([text.encode(encoding)])
    return [
        (verdict.outcome, [reason.why for reason in verdict.reasons])
        for verdict in found
    ]


PASS, FAIL = CheckOutcome.PASS, CheckOutcome.FAIL
NEITHER = CheckOutcome.NOT_APPLICABLE


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_is_read_whatever_wrote_it(mark, encoding):
    text = "région,femmes,hommes\r\nNord,40,3\r\n".replace(",", mark)

    assert verdicts(text, encoding) == [(FAIL, [Why.SMALL])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("area,women\nnorth,40\nsouth,<11\n", (PASS, [Why.SAFE])),
        ("area,women\nnorth,40\nsouth,3\n", (FAIL, [Why.SMALL])),
        ("north,40\nsouth,30\n", (PASS, [Why.SAFE])),
        ("area,women\nnorth,1 240\nsouth,30\n", (PASS, [Why.SAFE])),
        # a total leaves over what was hidden
        ("area,n\nnorth,41\nsouth,<11\nTotal,44\n", (FAIL, [Why.LEFT_OVER])),
        ("area,n\nnorth,41\nsouth,<11\neast,…\nTotal,66\n", (PASS, [Why.SAFE])),
        ("area,women,men,Total\nnorth,41,*,44\n", (FAIL, [Why.LEFT_OVER])),
        # rounded: 3 might be nobody, or seven
        ("area,n,m\na,40,80\nb,…,90\nTotal,45,170\n", (FAIL, [Why.LEFT_OVER])),
        ("area,n,m\na,40,80\nb,…,90\nTotal,40,170\n", (PASS, [Why.SAFE])),
        # a share of a whole
        ("area,all,unpaid\nnorth,100,3 %\n", (FAIL, [Why.SHARE])),
        ("area,all,unpaid\nnorth,100,30 %\n", (PASS, [Why.SAFE])),
        # no table of counts
        ("# SYNTHETIC: nobody\nsex,n\nfemale,3\n", (NEITHER, [Why.SYNTHETIC])),
        ("# epsilon = 1\nsex,n\nfemale,3\n", (NEITHER, [Why.NOISED])),
        ("name,sex\nA,f\nB,m\n", (NEITHER, [Why.PEOPLE])),
        ("sex,area\nf,north\nf,north\n", (NEITHER, [Why.PEOPLE])),
        ("sex,area\nf,north\nm,north\n", (NEITHER, [Why.NO_COUNTS])),
        ("year,n\n2024,40\n2025,30\n", (PASS, [Why.SAFE])),
        ("", (NEITHER, [Why.EMPTY])),
        # a number with a sign, or with the zero that a program adds
        ("area,n\nnorth,+40\nsouth,+3\n", (FAIL, [Why.SMALL])),
        ("area,n\nnorth,3.0\nsouth,40.0\n", (FAIL, [Why.SMALL])),
        ("area,n\nnorth,40.0\nsouth,70.0\n", (PASS, [Why.SAFE])),
        ("area,n\nnorth,1\u202f240\nsouth,30\n", (PASS, [Why.SAFE])),
        # what can't be read is never safe
        ("area,n,m\nnorth,40,50\nsouth,7*,60\n", (NEITHER, [Why.UNREADABLE])),
        ("area,n,m\nnorth,40,50\nsouth,3 (m),60\n", (NEITHER, [Why.UNREADABLE])),
        ("area,n,m\nnorth,3,50\nsouth,many,60\n", (NEITHER, [Why.UNREADABLE])),
        ("area,n,m\nnorth,7*,50\nsouth,40,6\n", (FAIL, [Why.SMALL])),
        # ages, dates and means are no counts
        ("age,n\n0-11,40\n60+,50\nTotal,90\n", (PASS, [Why.SAFE])),
        ("day,mean,n\n2024-01-02,2.5,40\n2024-01-03,3,50\n", (PASS, [Why.SAFE])),
    ],
)
def test_what_a_table_gives_away(text, expected):
    assert verdicts(text) == [expected]


def test_each_table_of_a_file_has_its_own_verdict():
    text = "area,n\nnorth,40\nsouth,50\n\n,,\narea,n\nnorth,4\nsouth,50\n"

    first, second = check_tables([text.encode()])

    assert (first.outcome, second.outcome) == (PASS, FAIL)
    assert (first.line, second.line) == (1, 6)


def test_a_file_too_large_is_not_read_to_its_end():
    def endless():
        while True:
            yield b"x" * 100_000

    with pytest.raises(table_files.TooLarge):
        list(check_tables(endless()))


def test_a_cell_without_an_end_is_refused():
    with pytest.raises(table_files.Unreadable):
        list(check_tables([b"area,n\nnorth," + b"4" * 200_000]))


def test_so_many_rows_are_no_table(monkeypatch):
    monkeypatch.setattr(table_files, "MOST_ROWS", 3)

    assert verdicts("a,n\n" + "x,40\n" * 5) == [(NEITHER, [Why.TOO_LONG])]


@given(st.binary(max_size=300))
def test_nothing_that_is_brought_breaks_it(blob):
    assert list(check_tables([blob[:100], blob[100:]]))


@given(st.lists(st.integers(11, 900), min_size=2, max_size=6), st.integers(1, 10))
def test_a_small_number_is_found_wherever_it_stands(counts, small):
    rows = "".join(f"area {n},{count}\n" for n, count in enumerate([*counts, small]))

    (found,) = table_checks.check_tables([f"area,n\n{rows}".encode()])

    assert found.outcome == FAIL

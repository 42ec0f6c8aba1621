import random
from collections import Counter
from itertools import chain, combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amana.insight.disclosure.engine import hiding
from amana.insight.disclosure.engine.tests.attacker import Attacker
from amana.insight.facts.kinds import KINDS
from amana.insight.measure.engine import protected_tables, topics
from amana.insight.measure.engine.definitions import D0
from amana.insight.measure.engine.table_json import convert_to_json, read_tables
from amana.insight.measure.engine.visible_figures import TablePage, YearTables
from amana.insight.measure.library.reading import load_library
from amana.insight.measure.tests.worlds import AREAS, Row, in_columns, invented
from tests.patching import patched

RESULTS = {code: kind.results for code, kind in KINDS.items()}
WANTED = protected_tables.map_figures_by_kind(load_library(), RESULTS)


def drawn_up(kind, rows, earlier=protected_tables.NOTHING):
    return protected_tables.build_protected_tables(
        in_columns(rows).kind(kind),
        WANTED[kind],
        name=kind,
        dims=D0,
        smallest=11,
        earlier=earlier,
    )


def drawn_up_each(kind, rows, earlier=protected_tables.NOTHING):
    return topics.build_topic_tables(
        in_columns(rows).kind(kind),
        WANTED[kind],
        KINDS[kind].topics,
        name=kind,
        dims=D0,
        smallest=11,
        earlier=earlier,
    )


def shown(code, kind, rows, part="", at=()):
    made = drawn_up(kind, rows)
    kept = convert_to_json(made.tables)
    page = TablePage(kept["codes"], kept["cells"], made.said, exact=False)
    of = load_library()[code].part(part)
    return YearTables({kind: page}, 1_000_000).shown(code, of, at)


def rows_of(kind, **counts):
    return [Row(kind, result) for result, n in counts.items() for _one in range(n)]


def test_where_few_are_left_out_a_share_is_said_to_be_so_much_or_more():
    found = shown("I05", "consent", rows_of("consent", consent=190, none=4))
    assert found.value is None
    assert found.at_least == pytest.approx(188 / 200, abs=0.01)
    few = shown("I37", "detention", rows_of("detention", detained=3, not_detained=80))
    assert few.at_most == pytest.approx(0.14, abs=0.01)
    # Twelve are enough to be told of, and would look like ten.
    twelve = rows_of("detention", detained=12, not_detained=80)
    assert shown("I37", "detention", twelve) == few


def test_a_few_unknown_hide_no_share():
    rows = [*rows_of("plan", complete=60, incomplete=40), *[Row("plan")] * 5]
    found = shown("I17", "plan", rows)
    assert (found.value, found.of, found.unknown) == (0.6, 100, None)


def test_a_figure_that_is_a_part_of_a_share_is_protected_together_with_it():
    found = rows_of("screening", presumed=50, not_presumed=30)
    for row in found[:30]:
        row.dims["status"] = "trafficking"
    for row in found[30:]:
        row.dims["status"] = "other"
    assert shown("I04", "screening", found).counted == 30
    assert shown("I03", "screening", found).counted == 50
    tables = {table.dims: table for table in drawn_up("screening", found).tables}
    both = tables["I03.all", "I04.all"]
    assert both.value("counted", "-") == 20
    assert ("I03.all", "status") not in tables


def test_people_screened_are_so_many_or_more_where_some_are_too_few_to_show():
    rows = [*rows_of("screening", presumed=50, not_presumed=30), Row("screening")]
    assert shown("I01", "screening", rows).at_least == 75
    # 118 and 58 look like 120 and 60.
    up = [*rows_of("screening", presumed=118, not_presumed=58), Row("screening")]
    assert shown("I01", "screening", up).at_least == 175


def coverage(needs, at=()):
    """Indicator I49, where services have 90 beds and 30 hours of lawyers."""
    rows = [*needs, *[Row("places", number=3, topic="SH2")] * 30]
    rows += [Row("places", number=1, topic="LG1")] * 30
    pages = {}
    for kind, smallest in (("places", None), ("need", 11)):
        made = protected_tables.build_protected_tables(
            in_columns(rows).kind(kind),
            WANTED[kind],
            name=kind,
            dims=D0 if smallest else ("area", "sector"),
            smallest=smallest,
        )
        kept = convert_to_json(made.tables)
        pages[kind] = TablePage(
            kept["codes"], kept["cells"], made.said, smallest is None
        )
    return YearTables(pages).shown("I49", load_library()["I49"].part(), at)


def test_places_are_shared_out_among_needs_of_which_it_is_known_how_they_ended():
    needs = [
        Row("need", result, topic="SH2") for result in ["met"] * 40 + ["unmet"] * 20
    ]
    assert coverage([*needs, *[Row("need", topic="SH2")] * 3]).value == 120 / 60


def test_places_of_a_kind_are_divided_by_needs_of_this_kind():
    ends = ["met"] * 40 + ["unmet"] * 20
    needs = [Row("need", end, topic=topic) for end in ends for topic in ("SH2", "HE2")]
    assert coverage(needs, (("topic", "SH2"),)).value == 90 / 60
    assert coverage(needs, (("topic", "HE2"),)).value is None  # no such place


def test_coverage_gives_no_small_group_away():
    """Four are too few to show: with all and the others one would know them."""
    needs = [Row("need", "met", topic="LG1")] * 40
    needs += [Row("need", "unmet", topic="LG1")] * 4
    needs += [Row("need", end, topic="SH2") for end in ("met", "unmet") * 40]

    assert coverage(needs, (("topic", "LG1"),)).value is None


def test_a_sum_with_noughts_says_the_sum_alone():
    """A year without an incident has none, and a month's nought is not one more."""
    for some, total in (([1, 0, 1, 0, 0], 2), ([0, 0], 0)):
        made = protected_tables.build_protected_tables(
            in_columns([Row("breach", number=n) for n in some]).kind("breach"),
            WANTED["breach"],
            name="breach",
            dims=("area", "sector"),
            smallest=None,
        )
        kept = convert_to_json(made.tables)
        page = TablePage(kept["codes"], kept["cells"], made.said, exact=True)
        found = YearTables({"breach": page}).shown("I53", load_library()["I53"].part())
        assert (found.value, found.counted, found.of) == (total, None, None)


def test_reasons_are_shares_of_all_also_of_those_that_are_hidden():
    """Counts are rounded to five: 40 of 78 look like 40 of 80."""
    reasons = ["no_capacity"] * 40 + ["language"] * 20 + ["not_eligible"] * 9
    reasons += ["unsafe"] * 9
    rows = [
        *rows_of("acceptance", accepted=100),
        *[Row("acceptance", "declined", reason) for reason in reasons],
    ]
    found = shown("I20", "acceptance", rows, "reasons")
    assert (found.value, found.of) == (0.5, 80)
    ends = ["goals_met"] * 40 + ["withdrew"] * 20 + ["died"] * 9 + ["removed"] * 9
    closed = [Row("closure", reason=reason, band="720") for reason in ends]
    found = shown("I31", "closure", closed, "reasons")
    assert (found.value, found.of) == (0.5, 80)


def test_no_reason_is_a_share_of_an_unknown_whole():
    few = [Row("acceptance", "declined", "no_capacity")] * 40
    few += rows_of("acceptance", accepted=4)
    made = drawn_up("acceptance", few)
    tables = [t for t in made.tables if t.dims[:1] != ("I20.reasons:whole",)]
    kept = convert_to_json(tables)
    page = TablePage(kept["codes"], kept["cells"], {}, exact=False)
    part = load_library()["I20"].part("reasons")
    assert YearTables({"acceptance": page}).shown("I20", part).hidden


def needs(topic, area, **counts):
    found = rows_of("need", **counts)
    for row in found:
        row.topic, row.dims["area"] = topic, area
    return found


def test_needs_are_told_by_kind_of_help_in_each_area_where_there_are_enough():
    some = [
        row
        for topic, area in product(NEEDED, AREAS)
        for row in needs(topic, area, met=90, unmet=60)
    ]
    found = {table.dims: table for table in drawn_up("need", some).tables}
    assert found["topic", "area"].value("SH2", "XM-N") == 150
    assert found["I26.all", "topic", "area"].value("counted", "SH2", "XM-N") == 60

    few = {table.dims for table in drawn_up("need", some[:1190]).tables}
    assert ("I26.all", "topic") in few
    assert ("topic", "area") not in few


NEEDED = ("SH2", "HE2", "LG1")
BOTH = ("I26.all", "topic", "area")
STATES = {"unmet": "counted", "met": "others"}


def needed(seed):
    """As many as there may be in a small country, spread evenly or not."""
    rng = np.random.default_rng(seed)
    cells = list(product(STATES, NEEDED, AREAS))
    spread = np.ones(len(cells)) * rng.choice([0.2, 0.6, 2])
    numbers = rng.multinomial(rng.choice([60, 150, 400]), rng.dirichlet(spread))
    return dict(zip(cells, map(int, numbers), strict=True))


def learnt(seed):
    """The small groups that somebody learns of who reads the whole sheet."""
    people = needed(seed)
    rows = [needs(topic, area, **{r: n}) for (r, topic, area), n in people.items()]
    facts = in_columns([row for some in rows for row in some]).kind("need")
    made = protected_tables.build_protected_tables(
        facts.among({"topic": NEEDED, "reason": ()}),
        WANTED["need"],
        name="need",
        dims=D0,
        smallest=11,
    )
    tables = {t.dims: t for t in made.tables if {*t.dims} <= {*BOTH}}
    attacker = Attacker([BOTH], dict(zip(BOTH, tables[BOTH].codes, strict=True)))
    attacker.read(tables.values())
    return [cell for cell in small(people) if attacker.learns(cell, 11)]


def small(people):
    """Cells of any of these tables, and of any sums of theirs, of one to ten people."""
    by_cell: Counter[tuple[tuple[str, str], ...]] = Counter()
    for (result, *where), n in people.items():
        at = dict(zip(BOTH, (STATES[result], *where), strict=True))
        for kept in chain(*(combinations(BOTH, size) for size in (1, 2, 3))):
            by_cell[tuple((dim, at[dim]) for dim in kept)] += n
    return [dict(cell) for cell, n in by_cell.items() if 0 < n < 11]


@given(seed=st.integers(0, 10**6))
@settings(max_examples=25)
def test_needs_by_kind_of_help_and_area_tell_of_no_small_group(seed):
    with patched(protected_tables, "ENOUGH_FOR_BOTH", 0):
        assert learnt(seed) == []


def test_the_same_without_hiding_what_would_give_them_away_tells_of_some(monkeypatch):
    with patched(protected_tables, "ENOUGH_FOR_BOTH", 0):
        assert not learnt(11)
        monkeypatch.setattr(hiding, "suppress_small_cells", lambda everything: True)
        assert learnt(11)


def test_hidden_counts_are_not_in_what_is_kept():
    made = drawn_up("plan", invented(random.Random(3), 90, ["plan"]))
    kept = convert_to_json(made.tables)
    numbers = {n for some in kept["cells"].values() for n in some if n is not None}
    assert numbers
    assert min(numbers) >= 11
    assert [t.values.tolist() for t in read_tables("plan", kept)] == [
        t.values.tolist() for t in made.tables
    ]


def test_what_was_shown_is_shown_on_until_it_has_changed_by_enough():
    rows = rows_of("plan", complete=60, incomplete=40)
    before = drawn_up("plan", rows)
    later = drawn_up("plan", [*rows, *rows_of("plan", complete=4)], before)
    grown = drawn_up("plan", [*rows, *rows_of("plan", complete=90)], before)

    was, still, is_ = (
        [t.values.tolist() for t in made.tables] for made in (before, later, grown)
    )
    assert still == was
    assert is_ != was


def test_a_mean_stands_still_as_long_as_its_count_does():
    rows = [Row("case_referrals", number=n % 3 + 1) for n in range(13)]
    before = drawn_up("case_referrals", rows)
    told = before.said["I25.all"][""]
    assert told[""][0] is not None

    one_more = [*rows, Row("case_referrals", number=40)]
    assert drawn_up("case_referrals", one_more, before).said["I25.all"][""] == told

    many_more = rows * 6
    later = drawn_up("case_referrals", [*many_more, *one_more], before)
    assert later.said["I25.all"][""] != told


@pytest.mark.parametrize(
    ("name", "alike"),
    [
        ("I25.all", Row("case_referrals", number=1)),
        ("I31.length", Row("closure", band="24")),
    ],
)
def test_nothing_is_said_of_a_group_in_which_all_have_the_same(name, alike):
    made = drawn_up(alike.kind, [alike] * 30)
    assert made.said[name].keys() >= {"", "quarter"}
    assert not any(made.said[name].values())


def test_all_the_answers_of_one_person_are_never_a_group():
    asked = KINDS["feedback"].topics
    one = [Row("feedback", "no", topic=topic) for topic in asked]
    assert not any(t.shown.any() for t in drawn_up_each("feedback", one).tables)

    enough = [
        Row("feedback", result, topic=topic)
        for topic in asked[:2]
        for result in ["yes"] * 30 + ["no"] * 20
    ]
    made = drawn_up_each("feedback", [*one, *enough])
    known = {table.dims: table for table in made.tables}
    each = known["I45.all", "topic"]
    assert each.value("counted", asked[0]) == 30
    assert each.value("others", asked[2]) is None
    assert known["I45.all",].value("counted") == 60
    assert ("I45.all", "topic", "topic") not in known
    again = drawn_up_each("feedback", [*one * 2, *enough], made)
    assert [t.values.tolist() for t in again.tables] == [
        t.values.tolist() for t in made.tables
    ]


def test_every_kind_can_be_drawn_up():
    chance = random.Random(8)
    for kind in WANTED:
        assert drawn_up(kind, invented(chance, 20, [kind])).tables

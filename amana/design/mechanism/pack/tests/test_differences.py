import copy
from typing import Any

import pytest

from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.differences import list_differences
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.mechanism.pack.tests.packs import DISTRICT, EXAMPLE
from amana.design.pathway.pathway_differences import (
    DifferenceTopic,
    iterate_pathway_differences,
)
from amana.design.pathway.pathway_reading import read_pathway
from amana.design.pathway.tests.pathways import TABLES, WHOLE

FILES = files.read_folder(EXAMPLE)
GROUNDS = "“Decide whether there are reasonable grounds”"


def a_pack(given: dict[str, bytes]) -> Pack:
    pack, faults = reading.read_pack(given)
    assert pack is not None, [str(fault) for fault in faults]
    return pack


@pytest.fixture(scope="module")
def pack() -> Pack:
    return a_pack(FILES)


def with_words(path: str, was: str, now: str) -> Pack:
    content = FILES[path].decode()
    assert was in content
    return a_pack({**FILES, path: content.replace(was, now, 1).encode()})


def told(old: Pack, new: Pack, **renamed: str) -> list[str]:
    return [str(difference) for difference in list_differences(old, new, renamed)]


def test_a_pack_is_not_different_from_itself(pack):
    assert list_differences(pack, a_pack(FILES)) == []


def test_another_clock_is_told_with_the_step_and_both_lengths(pack):
    was = "gives: {grounds: [yes, no, more]}\n    due: P5B"
    new = with_words("pathway.yaml", was, was.replace("P5B", "P10B"))

    [one] = list_differences(pack, new)
    assert one.about is DifferenceTopic.STEPS
    assert one.step == "grounds"
    assert str(one) == (
        f"{GROUNDS}: authority now has 10 working days (previously 5 working days)."
    )


def test_another_delay_before_keys_are_taken_is_told(pack):
    longer = with_words(
        "mechanism.yaml", "keys_taken_after: PT24H", "keys_taken_after: PT48H"
    )
    unsaid = with_words("mechanism.yaml", "keys_taken_after: PT24H", "")

    assert told(pack, longer) == [
        "A colleague’s keys are now removed 48 hours after the second person "
        "confirms (previously 24 hours)."
    ]
    assert "removed one day after" in told(pack, unsaid)[0]


def test_a_step_with_another_name_is_the_same_step(pack):
    given = {
        path: content.replace(b"safety_plan", b"staying_safe")
        if path.endswith((".yaml", ".md"))
        else content
        for path, content in FILES.items()
    }
    new = a_pack(given)

    lines = told(pack, new, safety_plan="staying_safe")
    assert {line[:10] for line in lines} == {"Procedures"}  # they name the step
    strangers = told(pack, new)
    assert "“Agree on how to stay safe” is no longer a step." in strangers
    assert "New step: “Agree on how to stay safe”, done by manager." in strangers


@pytest.mark.parametrize(
    ("path", "was", "now", "line"),
    [
        (
            "mechanism.yaml",
            "U1: {receipt: PT4H",
            "U1: {receipt: PT5H",
            "receipt, urgency U1: now within 5 hours (previously 4 hours).",
        ),
        (
            "mechanism.yaml",
            "may_refer: true",
            "may_refer: false",
            "First responder may no longer send referrals.",
        ),
        (
            "decisions/triage.yaml",
            "urgency: [U0, U1]",
            "urgency: [U0]",
            'triage: new row: if urgency == "U0", then urgent.',
        ),
        (
            "consent/ar.md",
            "\n",
            "\n\n",
            "The consent text has changed in ar.",
        ),
        (
            "mechanism.yaml",
            "legal: [identity, contact, needs, narrative, legal, migration]",
            "legal: [identity, contact, needs, narrative, legal]",
            "The sphere legal may no longer receive: migration.",
        ),
        (
            "pathway.yaml",
            "{after: P45D, next: rested}",
            "{after: P30D, next: rested}",
            "“rest”: the wait now ends after 30 days (previously 45 days).",
        ),
    ],
)
def test_what_else_is_different_is_told_in_words(pack, path, was, now, line):
    assert line in told(pack, with_words(path, was, now))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"health": {"role": "manager"}},
            "“Offer a health check” is now done by manager (previously health).",
        ),
        (
            {"health": {"due": None}},
            "“Offer a health check”: there is no longer a deadline (previously 2 "
            "days).",
        ),
        (
            {"claim": {"due": "P1D"}},
            "“Claim what is owed”: legal now has 1 day (previously no deadline).",
        ),
        (
            {"screen": {"late": None}},
            "“Look for signs”: no one is notified any more if late (previously "
            "coordinator).",
        ),
        (
            {"screen": {"remind": "PT1H"}},
            "“Look for signs”: the reminder now comes 1 hour before the deadline "
            "(previously 30 minutes).",
        ),
        (
            {"screen": {"due": {**WHOLE["steps"]["screen"]["due"], "U0": "PT2H"}}},
            "“Look for signs”, urgency U0: responder now has 2 hours (previously 1 "
            "hour).",
        ),
        (
            {"health": {"do": "Offer a doctor"}},
            "“Offer a health check” is now called “Offer a doctor”.",
        ),
        (
            {
                "claim": {"next": "appeal"},
                "appeal": {"do": "Appeal", "role": "legal", "due": "P3D"},
            },
            "New step: “Appeal”, done by legal within 3 days.",
        ),
        (
            {
                "claim": {"next": "appeal"},
                "appeal": {"do": "Appeal", "role": "legal"},
            },
            "“Claim what is owed” is now followed by “Appeal” (previously branch).",
        ),
        (
            {"support": {"together": ["health", "counsel"]}},
            "“support”: these no longer start at the same time: “ask for bed”.",
        ),
        (
            {"decide": {"gives": {"identified": ["yes", "no"]}}},
            "“Decide on identification”: identified can no longer be: more.",
        ),
        (
            {"goes_on": {"choose": [{"else": True, "next": "farewell"}]}},
            '“goes on”: path removed: if goes_on == "yes", it led to “support”.',
        ),
        (
            {"each_child": {"each": None}},
            "“each child”: now only once (previously for each of children).",
        ),
        (
            {"counsel": {"tell": "legal", "message": "advise", "do": None}},
            "“counsel” is now a different kind of step.",
        ),
    ],
)
def test_each_change_of_a_step_has_a_sentence(changes: dict[str, Any], line: str):
    plain = copy.deepcopy(WHOLE)
    for id, change in changes.items():
        step = {**plain["steps"].get(id, {}), **change}
        plain["steps"][id] = {k: v for k, v in step.items() if v is not None}
    old = read_pathway(WHOLE, decisions=TABLES)
    new = read_pathway(plain, decisions=TABLES)

    assert line in [
        str(pathway_difference)
        for pathway_difference in iterate_pathway_differences(old, new)
    ]


def test_what_may_come_at_any_time_is_told_too():
    plain = copy.deepcopy(WHOLE)
    plain["interrupts"] = {
        "withdrawal": {"on": "no_more", "next": "farewell", "keeps": ["health"]}
    }
    old = read_pathway(WHOLE, decisions=TABLES)
    lines = [str(x) for x in iterate_pathway_differences(old, read_pathway(plain))]
    assert "New: on “no more”, the case continues at “Say goodbye”." in lines
    assert (
        "Removed: on “consent withdrawn”, the case continued at “Ask what the "
        "person wants now”." in lines
    )

    plain["interrupts"] = {
        "stop": {"on": "consent_withdrawn", "next": "farewell", "keeps": ["counsel"]}
    }
    new = read_pathway(plain, decisions=TABLES)
    assert [str(x) for x in iterate_pathway_differences(old, new)] == [
        "On “consent withdrawn”, the case now continues at “Say goodbye” "
        "(previously “Ask what the person wants now”).",
        "On “consent withdrawn”, these steps now also stay open: “Give legal advice”.",
        "On “consent withdrawn”, these steps no longer stay open: “Offer a "
        "health check”.",
    ]


def test_any_change_of_a_step_is_told(pack):
    plain: Any = pack.plain["pathway.yaml"]
    tables = {"triage": pack.plain["decisions/triage.yaml"]}
    old = read_pathway(plain, decisions=tables)
    silent = []
    for id, step in plain["steps"].items():
        for key in step.keys() - {"do", "choose", "wait", "part", "decide", "gives"}:
            other = copy.deepcopy(plain)
            changed = {"due": "P77D", "remind": "P66D", "together": ["close"]}
            other["steps"][id][key] = changed.get(key, "farewell")
            new = read_pathway(other, decisions=tables)
            if not list(iterate_pathway_differences(old, new)):
                silent.append((id, key))
    assert silent == []


def test_two_packs_that_have_nothing_in_common_are_told_apart(pack):
    lines = told(pack, a_pack(files.read_folder(DISTRICT)))

    assert len(lines) > 100
    assert all("%" not in line for line in lines)


@pytest.mark.parametrize(
    ("was", "now", "line"),
    [
        (
            "arrivals_per_day: 3",
            "arrivals_per_day: 3.5",
            "People arriving per working day: now 3.5 (previously 3).",
        ),
        (
            "hours_a_day: 5\n",
            "",
            "Working hours per day of one post: no longer stated (previously 5).",
        ),
        ("  legal: 6", "  legal: 7", "legal, full-time posts: now 7 (previously 6)."),
        ("  legal: 6\n", "", "legal, full-time posts: now none (previously 6)."),
        (
            "  meet: 0.5",
            "  meet: 1",
            "“Go through the safety gate”, hours of work: now 1 (previously 0.5).",
        ),
        (
            "{places: 26, days: 5}",
            "{places: 30, days: 4}",
            "“Provide a safe bed tonight”: a place is now taken for 4 days (previously "
            "5).",
        ),
        (
            "{places: 26, days: 5}",
            "{places: 30, days: 4}",
            "“Provide a safe bed tonight”, places: now 30 (previously 26).",
        ),
        (
            "review: {asked: 0.5, not_asked: 0.5}",
            "review: {asked: 0.6, not_asked: 0.4}",
            "review: how often this happens has changed.",
        ),
        (
            "withdrawal: 0.06",
            "withdrawal: 0.08",
            "consent withdrawn: how often this happens has changed.",
        ),
    ],
)
def test_each_count_that_is_different_is_told(pack, was, now, line):
    assert line in told(pack, with_words("capacity.yaml", was, now))


def test_that_there_are_counts_at_all_is_told_in_one_sentence(pack):
    without = a_pack({p: c for p, c in FILES.items() if p != "capacity.yaml"})
    assert told(without, pack) == ["It now states who comes and who is there to help."]
    assert told(pack, without) == [
        "It no longer states who comes and who is there to help."
    ]


@pytest.mark.parametrize(
    ("was", "now", "lines"),
    [
        (
            "    - 2027-05-01\n",
            "    - 2027-05-01\n    - 2027-05-02\n",
            ["New public holidays: 2027-05-02."],
        ),
        (
            "    - 2027-05-01\n",
            "    - {country: PT}\n",
            [
                "New public holidays: PT.",
                "No longer public holidays: 2027-05-01.",
            ],
        ),
        (
            "Atlantic/Azores",
            "Atlantic/Cape_Verde",
            ["The time zone is now Atlantic/Cape_Verde (previously Atlantic/Azores)."],
        ),
    ],
)
def test_which_days_offices_are_closed_is_told(pack, was, now, lines):
    assert told(pack, with_words("mechanism.yaml", was, now)) == lines

"""A scenario is read whole, or each of its mistakes is named by line; and what happens
by itself happens once, in its order, whatever the clock does."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from amana.academy.exercises.engine.exercise_log import ExerciseEvent, ExerciseLog
from amana.academy.exercises.engine.game_clock import GameClock
from amana.academy.exercises.engine.scenario import Scenario
from amana.academy.exercises.engine.scenario_reading import read_scenario
from amana.academy.exercises.engine.staging import (
    AnsweredEvent,
    list_due_injects,
    list_scripted_acts,
)
from amana.academy.exercises.standard_criteria import STANDARD
from amana.design.mechanism.pack.files import read_folder
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.mechanism.pack.reading import read_pack
from amana.faults import Fault
from amana.working_time import Calendar

ROOT = Path(__file__).parents[4]
SHIPPED = sorted((ROOT / "scenarios").glob("*/scenario.yaml"))
TRUCK = ROOT / "scenarios/truck-at-the-border/scenario.yaml"


@cache
def load_packs() -> dict[str, Pack]:
    found = {}
    for folder in sorted((ROOT / "mechanisms").glob("*/mechanism.yaml")):
        pack, faults = read_pack(read_folder(folder.parent))
        assert pack
        assert not faults
        found[pack.id] = pack
    return found


def read(text: str) -> tuple[Scenario | None, list[Fault]]:
    pack = load_packs()["merravia"]
    return read_scenario(
        "scenario.yaml", text.encode(), pack=pack, criteria=frozenset(STANDARD)
    )


@cache
def load_truck() -> Scenario:
    scenario, faults = read(TRUCK.read_text())
    assert scenario, "\n".join(map(str, faults))
    return scenario


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_each_shipped_scenario_is_read(path: Path) -> None:
    text = path.read_text()
    named = next(
        line.split()[1] for line in text.splitlines() if line.startswith("mechanism:")
    )
    scenario, faults = read_scenario(
        path.name,
        text.encode(),
        pack=load_packs()[named],
        criteria=frozenset(STANDARD),
    )
    assert faults == []
    assert scenario
    assert scenario.code == path.parent.name
    assert {"en", "fr", "ar"} <= {*scenario.languages}


def test_a_scenario_says_who_arrives() -> None:
    truck = load_truck()
    assert truck.crowd == 14
    assert truck.people["lidia"].age < 18 < (truck.people["lidia"].says_age or 0)
    assert truck.start.utcoffset() == timedelta(hours=-1)


PLANTED = [
    ("id: truck", "id: Truck", "is not a file name"),
    ("mechanism: merravia", "mechanism: meravia", "these files are “merravia”"),
    ("Atlantic/Azores", "Atlantic/Azore", "Did you mean “Atlantic/Azores”"),
    ("length: PT20H", "length: 20 hours", "is not a length of time"),
    ("speed: 60", "speed: 0", "too small"),
    ("seed: 7", "sed: 7", "Did you mean “seed”"),
    ("  border_guard: {open", "  border_gard: {open", "no organisation “border_gard”"),
    ("{open: always, places: 1}", "{opens: always}", "does not belong here"),
    ("{open: always, places: 1}", "{open: never}", "“never” does not have the right"),
    ("{open: always, places: 1}", "{open: []}", "This is empty"),
    ("    at: PT90M", "    at: soon", "“soon” is not a length of time"),
    ("    at: PT90M", "    at: PT90M\n    wait: PT5M", "Write after what it waits"),
    ("    at: PT90M", "    at: P9999D", "longer than ten years"),
    ("2027-03-05T15:40", "2027-02-30T15:40", "no such moment"),
    ('to: "22:00"', 'to: "08:00"', "closes when it opens"),
    ("upon: referral.sent, if_", "upon: guardian.called, if_", "not addressed to an"),
    ("with: [hassan, lidia]", "with: [hassan, lydia]", "Did you mean “lidia”"),
    ("injured: 2", "injured: 12", "more of them than people"),
    ("role: responder\n", "role: respondent\n", "no role “respondent”"),
    ("at: coordination_office", "at: hospital", "doesn’t play the role “coordinator”"),
    ("people: [1, 3]", "people: [3, 1]", "fewer than at least"),
    ("script: shelter_answers", "script: shelter", "Did you mean “shelter_answers”"),
    ("    script: hospital_answers\n", "", "it has no script"),
    ("upon: referral.sent, if_", "upon: referal.sent, if_", "no act “referal.sent”"),
    ("act: seen.alone, person: lidia", "act: seen.alone, person: lid", "no person"),
    ("after: journalist", "after: article", "waits for itself"),
    ("{harbour_house: 0}", "{hospital: 0}", "has no places that could change"),
    ("seen_alone: safety", "seen_alon: safety", "no criterion of conduct"),
    ("need_to_know: sharing", "need_to_know: secrets", "no objective “secrets”"),
    ("at: second_thoughts", "at: second_thought", "no inject “second_thought”"),
    ("    at: PT260M\n", "", "Write when it comes"),
    (" fr: rouge,", "", "not written in fr"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), PLANTED)
def test_a_fault_is_named_by_its_line(right: str, wrong: str, said: str) -> None:
    before, found, after = TRUCK.read_text().partition(right)
    assert found, right
    scenario, faults = read(before + wrong + after)
    assert scenario is None
    assert any(said in str(fault) for fault in faults), [*map(str, faults)]
    assert all(fault.line for fault in faults)
    line = before.count("\n") + 1
    near = [f.line for f in faults if said in str(f)]
    assert any(abs((at or 0) - line) <= 12 for at in near), (near, line)


def test_a_fault_is_named_where_it_shows() -> None:
    """Not where the file was spoilt, but at what doesn't fit to it."""
    text = TRUCK.read_text()
    for right, wrong, said, shown in (
        ("{open: always, places: 1}", "{open: always}", "has no places", "if_places"),
        ("at: harbour_house", "at: hospital", "No seat is at", "  harbour_house:"),
        ('from: "08:00"', 'from: "15:00"', "is closed from then on", "after: PT40M"),
    ):
        spoilt = text.replace(right, wrong, 1).replace('to: "22:00"', 'to: "16:00"')
        _scenario, faults = read(spoilt)
        lines = spoilt.splitlines()
        found = [fault for fault in faults if said in str(fault)]
        assert found
        assert all(shown in lines[(fault.line or 0) - 1] for fault in found)


def test_twenty_faults_at_once_are_all_named() -> None:
    """Those of one kind of check, in one file: nothing hides behind the first."""
    text = TRUCK.read_text()
    wanted = 0
    for right, wrong, said in PLANTED:
        if "no " in said or "Did you" in said or "not written" in said:
            if right.startswith(("seed", "id:")):
                continue
            assert right in text
            text = text.replace(right, wrong, 1)
            wanted += 1
    scenario, faults = read(text)
    assert scenario is None
    assert wanted >= 10
    assert len(faults) >= wanted


def test_nothing_in_a_file_breaks_the_reader() -> None:
    for hostile in ("", "a", "[]", "{}", "id: &a [*a]", "\x00", "id: " + "[" * 5_000):
        scenario, faults = read(hostile)
        assert scenario is None
        assert faults


# --- what happens by itself

START = load_truck().start


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def done(number: int, act: str, hours: float, **keys: str) -> ExerciseEvent:
    return ExerciseEvent(number, act, at(hours), "P1", keys)


def due(hours: float, *events: ExerciseEvent, **played: float) -> list[str]:
    log = ExerciseLog.of(events, now=at(hours))
    times = {code: at(when) for code, when in played.items()}
    found = list_due_injects(load_truck(), log, played=times)
    return [item.inject.code for item in found]


def test_injects_come_at_their_time_and_once() -> None:
    assert due(0) == ["arrival"]
    assert due(0, arrival=0) == []
    assert due(2, arrival=0) == ["pains", "never_alone"]
    # An hour late: all that was missed comes, in the order in which it was due.
    assert due(7, arrival=0) == [
        *("pains", "never_alone", "full", "shift_ends", "journalist")
    ]


def test_an_inject_does_not_come_where_what_it_asks_for_was_done() -> None:
    alone = done(1, "seen.alone", 1, person="lidia")
    assert due(2, alone, arrival=0) == ["pains"]
    late = done(1, "seen.alone", 3, person="lidia")
    assert due(4, late, arrival=0, pains=1.5, full=4) == ["never_alone"]
    other = done(1, "seen.alone", 1, person="samir")
    assert due(2, other, arrival=0) == ["pains", "never_alone"]


def test_an_inject_follows_another_and_an_act() -> None:
    before = {"arrival": 0, "pains": 2, "never_alone": 2, "full": 4, "shift_ends": 5}
    assert due(7, journalist=6, **before) == ["article"]
    assert due(6.4, journalist=6, **before) == []
    consent = done(1, "consent.recorded", 5, person="samir", recipient="hospital")
    assert "second_thoughts" in due(6.5, consent, journalist=6, **before)
    tried = ExerciseEvent(
        1, "consent.recorded", at(5), "P1", {"person": "samir"}, {}, True
    )
    assert "second_thoughts" not in due(9, tried, journalist=6, article=7, **before)


def answers(hours: float, *events: ExerciseEvent, places: int = 1) -> list[str]:
    log = ExerciseLog.of(events, now=at(hours))
    found = list_scripted_acts(
        load_truck(),
        log,
        empty=["shelter", "ward", "children"],
        answered=[],
        places={"harbour_house": places, "lantern": 1},
    )
    return [f"{act.seat.code} {act.reaction.do} {act.event.number}" for act in found]


def to(number: int, recipient: str, hours: float) -> ExerciseEvent:
    keys = {"person": "samir", "referral": f"r{number}", "recipient": recipient}
    return done(number, "referral.sent", hours, **keys)


def test_scripts_answer_for_empty_seats_while_there_are_places() -> None:
    asked = [to(1, "harbour_house", 0.1), to(2, "harbour_house", 0.2)]
    assert answers(0.5, *asked) == []
    assert answers(1, *asked) == [
        *("shelter referral.answered 1", "shelter referral.declined 2")
    ]
    assert answers(1, to(1, "hospital", 0.5)) == ["ward referral.answered 1"]


def test_an_agency_that_is_closed_answers_when_it_is_open() -> None:
    """It is Friday, 15:40: the shelter closes at 22:00, until eight in the morning."""
    asked = to(1, "harbour_house", 6)
    assert answers(7, asked) == []
    assert answers(17, asked) == ["shelter referral.answered 1"]


def test_codes_may_be_called_as_texts_are() -> None:
    text = TRUCK.read_text().replace("  pains:\n", "  note:\n")
    assert read(text)[1] == []


# --- the clock


WALL = datetime(2026, 12, 1, 9, tzinfo=UTC)


def minutes(number: float) -> datetime:
    return WALL + timedelta(minutes=number)


def test_an_hour_of_the_exercise_is_a_minute() -> None:
    clock = GameClock.start(wall=WALL, game=START, speed=60)
    assert clock.read(minutes(2)) == at(2)
    assert clock.find_wait(at(3), wall=minutes(1)) == timedelta(minutes=2)
    assert clock.find_wait(at(0), wall=minutes(1)) == timedelta(0)


def test_it_stops_and_goes_on() -> None:
    clock = GameClock.start(wall=WALL, game=START, speed=60)
    stopped = clock.set_speed(0, wall=minutes(1))
    assert not stopped.is_running
    assert stopped.read(minutes(30)) == at(1)
    assert stopped.find_wait(at(2), wall=minutes(30)) is None
    again = stopped.set_speed(60, wall=minutes(30))
    assert again.read(minutes(31)) == at(2)
    assert again.read(minutes(10)) == at(1)  # what it showed then
    with pytest.raises(ValueError, match="-1"):
        clock.set_speed(-1, wall=minutes(1))


def test_it_can_be_set_back_and_two_at_once_hurt_nothing() -> None:
    clock = GameClock.start(wall=WALL, game=START, speed=60)
    back = clock.set_time(at(0.5), wall=minutes(2)).set_speed(0, wall=minutes(1))
    assert back.read(minutes(5)) == at(0.5)
    assert [segment.wall for segment in back.segments] == [WALL, minutes(2), minutes(2)]
    assert due(0.5, arrival=0, pains=1.5) == []  # what came stays


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_each_scenario_comes_to_its_end_by_itself(path: Path) -> None:
    """All seats empty but one, who asks every agency for help each hour: what comes
    from outside comes once, in its order, and each script answers each question."""
    named = next(
        line.split()[1]
        for line in path.read_text().splitlines()
        if line.startswith("mechanism:")
    )
    scenario, _faults = read_scenario(
        path.name,
        path.read_bytes(),
        pack=load_packs()[named],
        criteria=frozenset(STANDARD),
    )
    assert scenario
    end = scenario.length.after(scenario.start, Calendar())
    empty = [code for code, seat in scenario.seats.items() if seat.script]
    places = {a.code: a.places or 0 for a in scenario.agencies.values()}
    agencies = {scenario.seats[code].agency for code in empty}
    events: list[ExerciseEvent] = []
    played: dict[str, datetime] = {}
    answered: dict[AnsweredEvent, str] = {}
    now = scenario.start
    while now <= end:
        if now.minute == scenario.start.minute and now + timedelta(hours=9) < end:
            for agency in sorted(agencies):
                number = len(events) + 1
                keys = {"person": "a", "referral": f"r{number}", "recipient": agency}
                events.append(ExerciseEvent(number, "referral.sent", now, "P1", keys))
        log = ExerciseLog.of(events, now=now)
        for item in list_due_injects(scenario, log, played=played):
            assert item.inject.code not in played
            assert item.due_at <= now
            played[item.inject.code] = now
            places |= item.inject.places
        acts = list_scripted_acts(
            scenario, log, empty=empty, answered=answered, places=places
        )
        for act in acts:
            assert act.answered not in answered
            answered[act.answered] = act.reaction.do
            if act.reaction.if_places:
                places[act.seat.agency] -= 1
        now += timedelta(minutes=30)

    waits = {c for c, i in scenario.injects.items() if i.after_act}
    waits |= {c for c, i in scenario.injects.items() if i.after_inject in waits}
    assert played.keys() == scenario.injects.keys() - waits
    assert min(places.values()) >= 0
    assert "referral.answered" in answered.values()
    closed = {
        seat for seat in empty if scenario.agencies[scenario.seats[seat].agency].hours
    }
    always = {
        (s, e.number, "")
        for s in empty
        for e in events
        if s not in closed and e.keys["recipient"] == scenario.seats[s].agency
    }
    assert always <= answered.keys()

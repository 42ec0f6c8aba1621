"""What happened in cases leaves as a log that others can read."""

import csv
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from amana.exchange.ocel import writing

SCHEMA = json.loads((Path(__file__).parent / "ocel20.json").read_text())
AT = datetime(2026, 11, 2, 9, 30, tzinfo=timezone(timedelta(hours=3)))


@dataclass(frozen=True)
class Row:
    event: str
    activity: str
    at: datetime = AT
    case: str = "c1"
    step: str = ""
    team: str = ""
    organisation: str = ""
    role: str = ""
    kind: str = "done"
    reason: str = ""


ROWS = [
    Row("e1", "begun", kind="start"),
    Row("e2", "plan", step="plan", team="t1", organisation="o1", role="manager"),
    Row("e3", "child_needs", step="child_needs@2", team="t2", organisation="o1"),
    Row("e4", "plan", case="c2", step="plan", team="t1", organisation="o1"),
    Row("e5", "skip rest", step="rest", kind="skipped", reason="not_wished"),
]


def log(rows):
    found = json.loads("".join(writing.write_ocel(rows)))
    Draft202012Validator(SCHEMA, format_checker=FormatChecker(["date-time"])).validate(
        found
    )
    consistent(found)
    return found


def consistent(found):
    """What the specification asks of a log and a schema can't say."""
    ids = [entity["id"] for entity in found["objects"]]
    assert len(ids) == len(set(ids))
    assert len({event["id"] for event in found["events"]}) == len(found["events"])
    for things, types in (("objects", "objectTypes"), ("events", "eventTypes")):
        known = {t["name"]: {a["name"] for a in t["attributes"]} for t in found[types]}
        for entry in found[things]:
            named = {a["name"] for a in entry.get("attributes", [])}
            assert named <= known[entry["type"]]
            linked = {r["objectId"] for r in entry.get("relationships", [])}
            assert linked <= set(ids)


def test_a_log_is_ocel_2():
    found = log(ROWS)

    assert [event["id"] for event in found["events"]] == ["e1", "e2", "e3", "e4", "e5"]
    assert {event_type["name"] for event_type in found["eventTypes"]} == {
        "begun", "child_needs", "plan", "skip rest"
    }  # fmt: skip
    assert {item["id"] for item in found["objects"]} == {
        "case:c1", "case:c2", "step:c1:plan", "step:c1:child_needs@2", "step:c2:plan",
        "step:c1:rest", "team:t1", "team:t2", "organisation:o1",
    }  # fmt: skip


def test_an_event_says_in_which_case_about_what_and_by_whom():
    event = log(ROWS)["events"][1]

    assert event["time"] == "2026-11-02T06:30:00Z"
    assert event["attributes"] == [
        {"name": "kind", "value": "done"},
        {"name": "role", "value": "manager"},
    ]
    assert event["relationships"] == [
        {"objectId": "case:c1", "qualifier": "in"},
        {"objectId": "step:c1:plan", "qualifier": "about"},
        {"objectId": "team:t1", "qualifier": "by"},
        {"objectId": "organisation:o1", "qualifier": "by"},
    ]


def test_a_step_belongs_to_its_case_and_a_team_to_its_organisation():
    objects = {entity["id"]: entity for entity in log(ROWS)["objects"]}

    step, team = objects["step:c1:child_needs@2"], objects["team:t2"]
    assert step["attributes"][0]["value"] == "child_needs"
    assert step["relationships"][0]["objectId"] == "case:c1"
    assert team["relationships"][0]["objectId"] == "organisation:o1"


def test_no_event_is_a_log_too():
    assert log([])["events"] == []


def test_events_are_not_kept():
    def endless():
        for number in range(1_000_000):
            yield replace(ROWS[1], event=f"e{number}")

    pieces = writing.write_ocel(endless())

    assert [next(pieces) for _ in range(3)][2].startswith(',{"id":"e1"')


def test_the_same_flat():
    lines = list(csv.DictReader(StringIO("".join(writing.write_csv(ROWS)), newline="")))

    assert [line["event"] for line in lines] == [row.event for row in ROWS]
    assert lines[1]["at"] == "2026-11-02T06:30:00Z"
    assert lines[4]["reason"] == "not_wished"
    assert list(lines[0]) == list(writing.COLUMNS)


def test_a_spreadsheet_takes_nothing_for_a_formula():
    evil = replace(ROWS[1], team='=HYPERLINK("http://x")', activity='a,\n"b"')

    (line,) = csv.DictReader(StringIO("".join(writing.write_csv([evil])), newline=""))

    assert line["team"] == '\'=HYPERLINK("http://x")'
    assert line["activity"] == 'a,\n"b"'


@pytest.mark.parametrize("write", [writing.write_ocel, writing.write_csv])
def test_a_time_without_its_zone_is_refused(write):
    with pytest.raises(ValueError, match="zone"):
        list(write([replace(ROWS[0], at=AT.astimezone(UTC).replace(tzinfo=None))]))

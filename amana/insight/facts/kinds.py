"""Every kind of observation: its possible results, and in one sentence how it arises.

`observation_kinds.yaml` has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models

from amana.care.cases.models.case_record import ClosureReason
from amana.care.referrals.states import DeclineReason
from amana.design.directory.taxonomy.service_types import ServiceType
from amana.insight.facts import codes
from amana.reviewed_files import Text, read_reviewed

type Codes = tuple[str, ...]
type CodeLists = Mapping[str, type[models.TextChoices]]

FILE = Path(__file__).with_name("observation_kinds.yaml")

REASON_LISTS: CodeLists = {
    # In this order: a code that two lists have is labelled by the later one.
    "decline_reason": DeclineReason,
    "closure_reason": ClosureReason,
    "outcome_moment": codes.OutcomeMoment,
}
TOPIC_LISTS: CodeLists = {
    "service_type": ServiceType,
    "decision": codes.Decision,
    "reintegration_area": codes.ReintegrationArea,
    "outcome": codes.Outcome,
    "survey_question": codes.SurveyQuestion,
    "partner": codes.Partner,
    "money_kind": codes.MoneyKind,
}
"""From which a kind's reasons and topics are, by the names in the file."""

MOMENTS: Codes = tuple(codes.OutcomeMoment.values)
TYPES = codes.SERVICE_TYPES


@dataclass(frozen=True)
class ObservationKind:
    """One thing that is counted."""

    code: str
    title: Text
    arises: Text
    """How it arises, for readers of a figure."""
    results: Codes = ()
    reasons: Codes = ()
    topics: Codes = ()
    timed: bool = False
    """Whether it says how long it took."""
    numbered: bool = False
    sealed: Codes = ()
    """The columns that are only in sealed words, and nowhere in the clear."""
    of_person: bool = True
    """Whether it is of a person, and so waits sealed for the batch."""
    most_of_a_person: int = 1
    """How many of these one person may add in a year: a group is shown from so many
    times as many facts on as it has to have people."""
    each_topic: bool = False
    """A person may say something of every topic: counted topic by topic (ADR 24)."""

    @property
    def is_hidden(self) -> bool:
        """Whether not even the existence of such an observation is in the clear."""
        return "kind" in self.sealed


def read_kinds(file: Path) -> dict[str, tuple[ObservationKind, ...]]:
    """Read the kinds about people and about the mechanism. Raises FaultyFile."""
    known = {"result": codes.RESULTS, "reasons": REASON_LISTS, "topics": TOPIC_LISTS}
    return {
        part: tuple(
            build_kind(code, entry, of_person=part == "people")
            for code, entry in entries.items()
        )
        for part, entries in read_reviewed(file, known).items()
    }


def build_kind(
    code: str, entry: Mapping[str, Any], *, of_person: bool
) -> ObservationKind:
    return ObservationKind(
        code=code,
        title=entry["title"],
        arises=entry["arises"],
        results=tuple(entry.get("results", ())),
        reasons=list_codes(REASON_LISTS, entry.get("reasons")),
        topics=list_codes(TOPIC_LISTS, entry.get("topics")),
        timed=entry.get("timed", False),
        numbered=entry.get("numbered", False),
        sealed=tuple(entry.get("sealed", ())),
        of_person=of_person,
        most_of_a_person=entry.get("most_of_a_person", 1),
        each_topic=entry.get("each_topic", False),
    )


def list_codes(lists: CodeLists, name: str | None) -> Codes:
    return tuple(lists[name].values) if name else ()


def map_labels(lists: CodeLists) -> dict[str, Text]:
    return {code: label for words in lists.values() for code, label in words.choices}


READ = read_kinds(FILE)
OF_PEOPLE, OF_THE_MECHANISM = READ["people"], READ["mechanism"]
KINDS: Mapping[str, ObservationKind] = {
    kind.code: kind for kind in OF_PEOPLE + OF_THE_MECHANISM
}
REASONS: Mapping[str, Text] = map_labels(REASON_LISTS)
TOPICS: Mapping[str, Text] = map_labels(TOPIC_LISTS)

"""What an exercise on paper is made from: a scenario and its mechanism, in one
language; used while that language is the active one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from amana.academy.exercises import labels
from amana.academy.exercises.engine.scenario import (
    ActPattern,
    Agency,
    Scenario,
    Text,
)
from amana.academy.exercises.shipped_scenarios import ShippedScenario
from amana.design.mechanism.documents.source import PrintSource, build_file_edition
from amana.design.mechanism.labels import format_opening
from amana.design.mechanism.pack import files, reading
from amana.design.pathway.pathway_model import choose_words
from amana.ui.labels import format_list
from amana.working_time import TimeSpan

AT = "__:__"
"""Where a time is noted by hand."""


@dataclass(frozen=True)
class KitSource:
    scenario: Scenario
    mechanism: PrintSource

    @classmethod
    def read(cls, shipped: ShippedScenario, language: str) -> Self:
        content = files.read_folder(shipped.mechanism)
        pack, _faults = reading.read_pack(content)
        assert pack is not None  # or the scenario had not been loaded
        edition = build_file_edition(content)
        return cls(shipped.scenario, PrintSource(pack, language, edition))

    @property
    def language(self) -> str:
        return self.mechanism.language

    def say(self, text: Text) -> str:
        return choose_words(text, self.language, self.scenario.languages[0])

    # -- times

    def compute_time(self, span: TimeSpan | None) -> datetime:
        """Compute when that is in the exercise: so long after its start."""
        start = self.scenario.start
        if span is None:
            return start
        at = span.after(start, self.mechanism.pack.calendar)
        return at.astimezone(start.tzinfo)

    def format_time(self, at: datetime) -> str:
        return date_format(at, _("j F, H:i"))

    # -- names

    def name_seats(self, codes: Iterable[str]) -> str:
        return format_list(self.say(self.scenario.seats[code].title) for code in codes)

    def name_agency(self, code: str) -> str:
        return self.mechanism.organisation(code)

    def format_act(self, pattern: ActPattern) -> str:
        return labels.format_act(pattern, self.scenario, self.mechanism.pack)

    def format_hours(self, agency: Agency) -> str:
        if not agency.hours:
            return _("always open")
        return format_list(
            format_opening(hours.days, f"{hours.opens:%H:%M}", f"{hours.closes:%H:%M}")
            for hours in agency.hours
        )

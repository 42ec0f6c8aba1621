"""What a device sent, read by the forms of the meeting itself: an older version of them
may have been filled in, so what no longer fits is left out, and said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from amana.care.cases.actions import StatedNeed
from amana.care.cases.forms import MOST_NEEDS, IntakeForm, NeedFormSet
from amana.care.cases.gate import SafetyGate
from amana.care.referrals.forms import HandoverForm
from amana.care.requests.forms import AskingOrderForm
from amana.design.directory.codes import is_language
from amana.trust.access.models import Team
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.drafts import UnreadableDraft
from amana.ui.labels import format_list
from amana.ui.typed import parse_small_int

MOST_FIELDS = 2_000


@dataclass
class MeetingAnswers:
    """The answers of one meeting."""

    posted: QueryDict
    team: Team
    page_language: str = "en"
    """Of the page, and so of a text that is not written in hers."""
    asked_at: float | None = None
    """Milliseconds, by the device's clock."""
    answered_at: float | None = None
    left: list[str] = field(default_factory=list)
    """What could not be taken over, in sentences."""

    @classmethod
    def read(cls, content: Mapping[str, object], *, team: Team) -> "MeetingAnswers":
        fields = content.get("fields")
        times = content.get("times")
        if not isinstance(fields, list) or len(fields) > MOST_FIELDS:
            raise UnreadableDraft(_("This is not a meeting. It stays on the device."))
        posted = QueryDict(mutable=True)
        for pair in fields:
            if isinstance(pair, list) and len(pair) == 2:
                posted.appendlist(str(pair[0]), str(pair[1]))
        # The team is the one that it was sealed to, whatever the form contains.
        posted["team"] = str(team.pk)
        at = times if isinstance(times, dict) else {}
        sheet = cls(
            posted,
            team,
            page_language=choose_known_language(content.get("language")),
            asked_at=parse_millis(at.get("asked")),
            answered_at=parse_millis(at.get("answered")),
        )
        sheet.leave_out_what_does_not_fit()
        return sheet

    def leave_out_what_does_not_fit(self) -> None:
        """Remove each answer that no longer fits; it goes into the note as it was
        given."""
        form = IntakeForm(self.posted, teams=[self.team])
        self._leave_out(form)
        for need in NeedFormSet(self._rows(), prefix="need"):
            if need.has_changed():
                self._leave_out(need)

    def _leave_out(self, form: forms.Form) -> None:
        for name, errors in list(form.errors.items()):
            if name not in form.fields:
                continue
            html_name = form.add_prefix(name)
            given = format_list(self.posted.getlist(html_name))
            self.left.append(
                f"{form.fields[name].label}: {given} ({' '.join(map(str, errors))})"
            )
            if html_name.endswith("-type"):  # of that need the words too
                self.left.append(self.posted.get(form.add_prefix("words"), ""))
            # A field may have several inputs: their names begin with its own.
            for key in [k for k in self.posted if k.startswith(html_name)]:
                del self.posted[key]

    def _rows(self) -> QueryDict:
        rows = self.posted.copy()
        rows["need-TOTAL_FORMS"], rows["need-INITIAL_FORMS"] = str(MOST_NEEDS), "0"
        return rows

    @cached_property
    def gate(self) -> SafetyGate:
        return SafetyGate.read(self.posted.dict())

    @cached_property
    def records(self) -> dict[Compartment, dict[str, object]]:
        form = IntakeForm(self.posted, teams=[self.team])
        form.is_valid()
        return form.records

    @cached_property
    def _needs(self) -> list[tuple[int, StatedNeed]]:
        rows = NeedFormSet(self._rows(), prefix="need")
        rows.is_valid()
        return [
            (number, row.asked)
            for number, row in enumerate(rows)
            if row.has_changed() and not row.errors and row.cleaned_data.get("type")
        ]

    @property
    def needs(self) -> list[StatedNeed]:
        return [asked for _number, asked in self._needs]

    @property
    def need_asked(self) -> StatedNeed | None:
        """The need about which services are asked: the one that was chosen."""
        chosen = parse_small_int(self.posted.get("asked_need", ""))
        return next((asked for number, asked in self._needs if number == chosen), None)

    @property
    def services(self) -> list[int]:
        said = [parse_small_int(word) for word in self.posted.getlist("service")]
        return list(dict.fromkeys(pk for pk in said if pk is not None))

    @property
    def agreed(self) -> bool:
        return self.posted.get("answer") == "given"

    @property
    def language(self) -> str:
        said = self.posted.get("language", "")
        return said if is_language(said) else ""

    @property
    def order(self) -> AskingOrderForm:
        return AskingOrderForm(self.posted)

    @property
    def handover(self) -> HandoverForm:
        return HandoverForm(self.posted)


def choose_known_language(said: object) -> str:
    return str(said) if said in dict(settings.LANGUAGES) else "en"


def parse_millis(said: object) -> float | None:
    fits = isinstance(said, int | float) and not isinstance(said, bool)
    return float(said) if fits else None  # type: ignore[arg-type]

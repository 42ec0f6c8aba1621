"""Forms: how a person judges a result, to which team it goes, and how it ends."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from amana.care.screening import labels
from amana.care.screening.labels import FindingRow
from amana.care.screening.models import CHOSEN, HandoverBasis
from amana.care.screening.results import FindingKind, FindingVerdict, ScreeningResult
from amana.design.instruments import Flag
from amana.trust.access.models import Team, User
from amana.ui.form_options import FormOptions, Posted

LONGEST = 2000
LONGEST_SUM = 10_000

HOLDS, REJECTED = "found", "rejected"


@dataclass(frozen=True)
class FindingInputs:
    """A finding, and the two inputs about it."""

    shown: FindingRow
    said: forms.BoundField
    reason: forms.BoundField


class AssessFindingsForm(forms.Form):
    """Every finding with its result; a person who sees it differently gives the
    reason."""

    replacing = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Summary: what you see, and the person’s view"),
        max_length=LONGEST_SUM,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Posted = None,
        *,
        result: ScreeningResult,
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["replacing"].initial = len(result.judgements)
        self.stands: dict[str, tuple[FindingRow, str]] = {}
        for flag in Flag:
            shown = labels.build_flag(result, flag)
            self.ask(shown, result.found.flags[flag], list_choices(labels.RAISED))
        for element, standing in result.found.elements.items():
            shown = labels.build_element(result, element, standing)
            self.ask(shown, standing, list_choices(labels.STANDINGS))
        for found in result.found.signs:
            shown = labels.build_sign(result, found)
            self.ask(
                shown,
                HOLDS,
                [(HOLDS, _("Applies")), (REJECTED, _("Does not apply"))],
            )

    def ask(
        self, shown: FindingRow, stands: str, offered: list[tuple[str, object]]
    ) -> None:
        name = shown.key
        verdict = shown.verdict
        self.stands[name] = (shown, stands)
        self.fields[f"{name}-said"] = forms.ChoiceField(
            label=str(shown.label),
            choices=offered,
            initial=verdict.said if verdict else stands,
            widget=forms.Select if len(offered) > 3 else forms.RadioSelect,
        )
        self.fields[f"{name}-why"] = forms.CharField(
            label=_("Reason, if you disagree"),
            initial=verdict.reason if verdict else "",
            max_length=LONGEST,
            required=False,
            widget=forms.TextInput(),
        )

    def part(self, kind: FindingKind) -> Iterator[FindingInputs]:
        for name, (shown, _stands) in self.stands.items():
            if shown.kind is kind:
                yield FindingInputs(shown, self[f"{name}-said"], self[f"{name}-why"])

    def flags(self) -> list[FindingInputs]:
        return list(self.part(FindingKind.FLAG))

    def elements(self) -> list[FindingInputs]:
        return list(self.part(FindingKind.ELEMENT))

    def signs(self) -> list[FindingInputs]:
        return list(self.part(FindingKind.SIGN))

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        for name, (_shown, stands) in self.stands.items():
            differs = said.get(f"{name}-said", stands) != stands
            if differs and not said.get(f"{name}-why", "").strip():
                why = say("Give a reason where you disagree with the answers.")
                self.add_error(f"{name}-why", why)
        return said

    @property
    def verdicts(self) -> dict[str, FindingVerdict]:
        said = self.cleaned_data
        return {
            name: FindingVerdict(
                stands, said[f"{name}-said"], said[f"{name}-why"].strip()
            )
            for name, (_shown, stands) in self.stands.items()
        }


def list_choices(labels: Mapping[Any, object]) -> list[tuple[str, object]]:
    return [(str(code), label) for code, label in labels.items()]


class ScreeningTeamField(forms.ModelChoiceField[Team]):
    def label_from_instance(self, obj: Team) -> str:
        return f"{obj.organisation} · {obj}"


class ScreeningHandoverForm(forms.Form):
    to = ScreeningTeamField(
        Team.objects.none(), label=_("To which team"), empty_label=""
    )
    basis = forms.ChoiceField(
        label=_("Reason for the handover"),
        choices=HandoverBasis.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Explain who the team is and what it receives, and that the "
            "person loses nothing by refusing."
        ),
    )
    decided_with = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Without the person’s agreement: the colleague who decides with you"),
        required=False,
        empty_label="",
    )

    def __init__(
        self,
        data: Posted = None,
        *,
        teams: QuerySet[Team],
        colleagues: QuerySet[User],
        **kw: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kw)
        to, other = self.fields["to"], self.fields["decided_with"]
        assert isinstance(to, forms.ModelChoiceField)
        assert isinstance(other, forms.ModelChoiceField)
        to.queryset, other.queryset = teams, colleagues

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        basis = said.get("basis")
        if basis and basis != HandoverBasis.AGREED and not said.get("decided_with"):
            self.add_error(
                "decided_with",
                say(
                    "Without the person’s agreement, a colleague in your team must "
                    "decide with you."
                ),
            )
        return said


class EndScreeningForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(outcome.value, outcome.label) for outcome in CHOSEN],
        widget=forms.RadioSelect,
    )

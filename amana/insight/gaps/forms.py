"""Forms for filtering the list of gaps, and for what a coordinator plans for one."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amana.design.directory.codes import format_language
from amana.design.directory.coverage import CoverageAssumptions, PopulationGroup
from amana.design.directory.models import Area
from amana.insight.gaps.finding import EVERYWHERE, Gap, GapKind
from amana.insight.gaps.models import GapPlan
from amana.insight.gaps.package import LISTED
from amana.insight.gaps.ranking import RankWeights
from amana.trust.access.models import Organisation
from amana.ui.form_options import FormOptions, Label, Posted

REACH = [(1, _("1 hour")), (2, _("2 hours")), (4, _("4 hours"))]
ENDS = [(90, _("90 days")), (180, _("180 days")), (365, _("1 year"))]
COUNTS = [(0, _("Not at all")), (1, _("Once")), (2, _("Twice"))]


def build_number_field(
    label: Label, choices: Iterable[tuple[int, Label]], usual: int
) -> forms.Field:
    empty: Any = usual
    return forms.TypedChoiceField(
        label=label, choices=choices, coerce=int, required=False, empty_value=empty
    )


def build_choice_field(label: Label) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False)


class GapFilterForm(forms.Form):
    """Filters, what is assumed, and how much each part of the rank counts. What makes
    no sense is taken for not said."""

    year = build_choice_field(_("Year"))
    need = build_choice_field(_("What"))
    area = build_choice_field(_("Where"))
    group = build_choice_field(_("For whom"))
    kind = build_choice_field(_("What is wrong"))
    language = build_choice_field(_("Language"))
    reach = build_number_field(_("Longest acceptable journey, one way"), REACH, 2)
    ends_within = build_number_field(_("Funding that ends within"), ENDS, 180)
    severity = build_number_field(_("Severity counts"), COUNTS, 1)
    people = build_number_field(_("The number of people counts"), COUNTS, 1)
    feasibility = build_number_field(_("Feasibility counts"), COUNTS, 1)

    def __init__(
        self,
        asked: Mapping[str, str],
        *,
        areas: Iterable[Area],
        spoken: Iterable[str],
        years: Iterable[int],
    ) -> None:
        usual = {**asdict(CoverageAssumptions()), **asdict(RankWeights())}
        said = {
            name: asked.get(name) or usual.get(name, "") for name in self.base_fields
        }
        super().__init__(said)
        self.offer("year", [(str(year), str(year)) for year in years], _("The latest"))
        self.offer("need", list_need_choices(), _("Everything"))
        self.offer("area", [(a.code, a.name) for a in areas], _("Everywhere"))
        self.offer("group", PopulationGroup.choices, _("Anyone"))
        self.offer("kind", GapKind.choices, _("Everything"))
        languages = sorted((format_language(code), code) for code in spoken)
        self.offer("language", [(c, name) for name, c in languages], _("Any language"))
        self.full_clean()

    def offer(self, name: str, choices: list[Any], everything: Label = "") -> None:
        field: Any = self.fields[name]
        field.choices = [("", everything), *choices] if everything else choices

    def full_clean(self) -> None:
        super().full_clean()
        # A filter that makes no sense, as from an old link, counts as not given: the
        # list is shown, and not an error.
        wrong = dict.fromkeys(self.errors, "")
        if wrong:
            self.data = {**self.data, **wrong}
            super().full_clean()

    def said(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")

    @property
    def chosen_year(self) -> int | None:
        return int(self.said("year")) if self.said("year") else None

    @property
    def assumed(self) -> CoverageAssumptions:
        said = self.cleaned_data
        return CoverageAssumptions(
            reach=said["reach"],
            ends_within=said["ends_within"],
            language=said["language"],
        )

    @property
    def weights(self) -> RankWeights:
        names = ("severity", "people", "feasibility")
        return RankWeights(**{name: self.cleaned_data[name] for name in names})

    def fits(self, gap: Gap) -> bool:
        """Check whether a gap is among those asked for; a gap of everyone is one of
        each group."""
        need, area, group, kind = map(self.said, ("need", "area", "group", "kind"))
        of_group = {str(list(PopulationGroup)[cell[2]]) for cell in gap.cells}
        return (
            (not need or gap.need.code == need)
            and (not area or gap.area in (area, EVERYWHERE))
            and (not group or group in of_group)
            and (not kind or kind in (gap.kind, *gap.also))
        )


def list_need_choices() -> list[object]:
    return [
        (step.label, [(kind.value, kind.label) for kind in kinds])
        for step, kinds in LISTED
    ]


class GapPlanForm(forms.ModelForm[GapPlan]):
    class Meta:
        model = GapPlan
        fields = ("status", "owner", "cost", "currency", "due_on", "note")
        widgets = {
            "status": forms.RadioSelect,
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "note": _(
                "What is agreed. No names of people, nothing about any single case."
            ),
            "currency": _("Three letters, such as USD."),
        }

    def __init__(
        self,
        data: Posted = None,
        *,
        instance: GapPlan | None = None,
        owners: QuerySet[Organisation],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, instance=instance, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = owners
        fields["status"].choices = GapPlan.Status.choices

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

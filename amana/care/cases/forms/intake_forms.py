"""The first meeting: basic details, needs, emergency."""

from collections.abc import Iterable, Sequence
from typing import Any, Unpack, override

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from amana.care.cases.actions import StatedNeed
from amana.care.cases.fields import FIELDS
from amana.care.cases.forms.record import (
    LONGEST_LINE,
    LONGEST_TEXT,
    C,
    build_input,
    convert_to_record,
)
from amana.care.cases.models.case_record import Urgency
from amana.care.cases.usual import FIRST_OFFERED, get_usual_urgency
from amana.design.directory.taxonomy.service_types import ServiceType, group_types
from amana.trust.access.models.organisations import Team
from amana.trust.vault.compartments import Compartment
from amana.ui.form_options import FormOptions, Posted

ASKED_AT_FIRST = (
    "identity.name",
    "identity.age",
    "identity.child",
    "identity.sex",
    "identity.languages",
)


WHERE = (
    "needs.area",
    "needs.companions",
)


GUARDIAN = (
    "identity.guardian_state",
    "identity.guardian",
    "identity.guardian_suspect",
    "identity.assent",
)


CONTACT = (
    "contact.channel",
    "contact.number",
    "contact.hours",
    "contact.who",
    "contact.code_word",
    "contact.never",
)


FLAGS = ("narrative.flags",)


IF_IT_HELPS = (
    "identity.other_names",
    "identity.birth_date",
    "identity.nationality",
    "identity.origin",
    "needs.disability",
    "needs.interpreter",
    "needs.safety",
    "needs.wishes",
    "narrative.risks",
    "migration.status",
    "migration.removal",
)


ASKED_AT_INTAKE = (
    *ASKED_AT_FIRST,
    *WHERE,
    *GUARDIAN,
    *CONTACT,
    *FLAGS,
    *IF_IT_HELPS,
)


def input_name(key: str) -> str:
    return key.replace(".", "_")


class IntakeForm(forms.Form):
    """The little that is needed to begin. Everything may be left out but one need."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"))

    def __init__(
        self,
        data: Posted = None,
        *,
        teams: Iterable[Team],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        self.teams = list(teams)
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = Team.objects.filter(pk__in=[t.pk for t in self.teams])
        if len(self.teams) == 1:
            team.widget = forms.HiddenInput()
            team.initial = self.teams[0].pk
        for key in ASKED_AT_INTAKE:
            self.fields[input_name(key)] = build_input(FIELDS[key])
        if isinstance(self.fields["narrative_flags"], forms.MultipleChoiceField):
            self.fields["narrative_flags"].widget.attrs["class"] = "boxes"

    def part(self, keys: Iterable[str]) -> list[forms.BoundField]:
        return [self[input_name(key)] for key in keys]

    @property
    def first(self) -> list[forms.BoundField]:
        return self.part(ASKED_AT_FIRST)

    @property
    def where(self) -> list[forms.BoundField]:
        return self.part(WHERE)

    @property
    def guardian(self) -> list[forms.BoundField]:
        return self.part(GUARDIAN)

    @property
    def contact(self) -> list[forms.BoundField]:
        return self.part(CONTACT)

    @property
    def flags(self) -> list[forms.BoundField]:
        return self.part(FLAGS)

    @property
    def more(self) -> list[forms.BoundField]:
        return self.part(IF_IT_HELPS)

    @property
    def more_is_used(self) -> bool:
        return any(field.value() or field.errors for field in self.more)

    @property
    def records(self) -> dict[Compartment, dict[str, object]]:
        """What was answered, part by part; what wasn't is not in it."""
        records: dict[Compartment, dict[str, object]] = {}
        for field in FIELDS.values():
            value = convert_to_record(self.cleaned_data.get(input_name(field.key)))
            if value not in ("", []):
                records.setdefault(field.compartment, {})[field.name] = value
        return records


AS_USUAL = _("Usual for this need")


class NeedForm(forms.Form):
    """One thing that the person needs, in their own words."""

    type = forms.ChoiceField(label=_("What is needed"))
    urgency = forms.ChoiceField(
        label=_("How soon"),
        choices=[("", AS_USUAL), *Urgency.choices],
        required=False,
        initial="",
        widget=forms.RadioSelect,
        help_text=_(
            "Usual urgency: emergency for a safe house, emergency care or a crisis "
            "line; high for a shelter, food or an interpreter; routine for school "
            "and work; otherwise medium."
        ),
    )
    words = forms.CharField(
        label=_("In the person’s words"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What they ask for. What happened to them can wait."),
    )

    def __init__(
        self,
        data: Posted = None,
        *,
        often: Sequence[ServiceType] = FIRST_OFFERED,
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        type_field = self.fields["type"]
        assert isinstance(type_field, forms.ChoiceField)
        type_field.choices = [("", ""), *list_need_types(often)]
        chosen = self["type"].value()
        if chosen in ServiceType:
            usual = get_usual_urgency(chosen).label
            words = format_lazy("{}: {}", AS_USUAL, usual)
            urgency_field = self.fields["urgency"]
            assert isinstance(urgency_field, forms.ChoiceField)
            urgency_field.choices = [("", words), *Urgency.choices]

    @override
    def has_changed(self) -> bool:
        """Ignore an urgency without a need: such a row stays empty."""
        return any(name != "urgency" for name in self.changed_data)

    @property
    def asked(self) -> StatedNeed:
        """With the urgency that is usual for the need, where no other was chosen."""
        said = self.cleaned_data
        kind = ServiceType(said["type"])
        urgency = said["urgency"] or get_usual_urgency(kind)
        return StatedNeed(kind, Urgency(urgency), said["words"])


def list_need_types(
    often: Sequence[ServiceType],
) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """List the kinds of need, those used often first; none is in the list twice."""
    first = [(kind.value, kind.label) for kind in often]
    groups = [
        (group, [(code, label) for code, label in kinds if code not in often])
        for group, kinds in group_types()
    ]
    return [
        (_("Used often"), first),
        *[(group, kinds) for group, kinds in groups if kinds],
    ]


MOST_NEEDS = 12


NeedFormSet = forms.formset_factory(
    # Without `absolute_max` Django builds up to a thousand more forms, as many as a
    # request names.
    NeedForm,
    extra=1,
    max_num=MOST_NEEDS,
    absolute_max=MOST_NEEDS,
)


class EmergencyForm(forms.Form):
    """The very least: what is needed now. Nothing else has to be known."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"))
    needs = forms.MultipleChoiceField(
        label=_("What is needed now"),
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (kind.value, kind.label)
            for kind in (
                ServiceType.HE1,
                ServiceType.SH1,
                ServiceType.PR1,
                ServiceType.MH7,
                ServiceType.CP1,
                ServiceType.CP4,
            )
        ],
    )
    name = forms.CharField(
        label=_("What they want to be called"), max_length=LONGEST_LINE, required=False
    )
    words = forms.CharField(
        label=_("What helpers need to know"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: Posted = None,
        *,
        teams: Iterable[Team],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        offered = list(teams)
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = Team.objects.filter(pk__in=[t.pk for t in offered])
        if len(offered) == 1:
            team.widget = forms.HiddenInput()
            team.initial = offered[0].pk

    @property
    def asked(self) -> list[StatedNeed]:
        words = self.cleaned_data["words"]
        return [
            StatedNeed(ServiceType(code), Urgency.U0, words)
            for code in self.cleaned_data["needs"]
        ]

    @property
    def records(self) -> dict[Compartment, dict[str, object]]:
        name = self.cleaned_data["name"].strip()
        return {C.IDENTITY: {"name": name}} if name else {}

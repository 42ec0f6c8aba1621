"""Forms of a case. What a record's fields look like follows from `fields.py`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, override

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.care.cases import closing, safety
from amana.care.cases.actions import StatedNeed
from amana.care.cases.companions import CompanionsField
from amana.care.cases.fields import FIELDS, RecordField, YesNo, list_fields
from amana.care.cases.models import (
    Assignment,
    ClosureReason,
    EmergencyContact,
    FileRemoval,
    FollowUp,
    Need,
    TransferDecline,
    UnmetReason,
    Urgency,
)
from amana.care.cases.usual import FIRST_OFFERED, get_usual_urgency
from amana.care.cases.widgets import MultiSelect
from amana.design.directory.taxonomy import ServiceType, group_types
from amana.telephones import format_dialled
from amana.trust.access.models import Team, User
from amana.trust.vault import files
from amana.trust.vault.compartments import Compartment

C = Compartment
LONGEST_LINE = 300
LONGEST_TEXT = 20_000
NOT_SAID = _("Not stated")
FEW = 3
"""So many choices are shown side by side; more are a drop-down list."""
MANY = 20
"""More choices than this are drop-down lists, not boxes."""

Text = forms.Textarea(attrs={"rows": 3})


class BirthField(forms.CharField):
    """A date, or only its year: people often know no more."""

    def clean(self, value: Any) -> str:
        said = str(super().clean(value) or "").strip()
        if not said:
            return ""
        found = re.fullmatch(r"(\d{4})(?:-(\d{1,2})-(\d{1,2}))?", said)
        if not found:
            raise ValidationError(_("Enter a year, or a date such as 2003-05-01."))
        year, month, day = found.groups()
        today = timezone.localdate()
        if not today.year - 120 <= int(year) <= today.year:
            raise ValidationError(_("Enter a year within the last 120 years."))
        if month is None:
            return year
        try:
            return today.replace(int(year), int(month), int(day)).isoformat()
        except ValueError as error:
            raise ValidationError(
                _("This date does not exist. Check the day and month.")
            ) from error


def build_input(field: RecordField, value: Any = None) -> forms.Field:
    """Build the input of one field of a record; an answer is never required of a
    person."""
    told: dict[str, Any] = {
        "label": field.label,
        "help_text": field.hint,
        "required": False,
    }
    offered = list(field.choices() if field.choices else YesNo.choices)
    if field.choices or field.kind == "yes_no":
        # A stored code that is no longer offered can still be chosen: without it,
        # saving the form would delete it silently.
        offered += [(code, code) for code in list_strays(value, offered)]
    if field.kind == "text":
        return forms.CharField(
            max_length=LONGEST_TEXT, widget=build_text_area(), **told
        )
    if field.kind == "companions":
        return CompanionsField(**told)
    if field.kind == "number":
        return forms.IntegerField(min_value=0, max_value=130, **told)
    if field.kind == "date":
        return BirthField(**told)
    if field.kind in ("choice", "yes_no"):
        if len(offered) > FEW:
            return forms.ChoiceField(choices=[("", NOT_SAID), *offered], **told)
        choices = [*offered, ("", NOT_SAID)]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **told)
    if field.kind == "choices":
        many = len(offered) > MANY
        widget = (
            MultiSelect(often=field.often) if many else forms.CheckboxSelectMultiple()
        )
        return forms.MultipleChoiceField(choices=offered, widget=widget, **told)
    return forms.CharField(max_length=LONGEST_LINE, **told)


def build_text_area() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3})


def convert_to_record(value: Any) -> Any:
    """Convert to what is sealed: a number to its digits, so that empty is always
    empty."""
    return str(value) if isinstance(value, int) else ("" if value is None else value)


class RecordForm(forms.Form):
    """One part's record, field by field."""

    def __init__(
        self, *args: Any, compartment: Compartment, record: Mapping[str, Any], **kw: Any
    ) -> None:
        kw["initial"] = dict(record)
        super().__init__(*args, **kw)
        self.compartment = compartment
        for field in list_fields(compartment):
            self.fields[field.name] = build_input(field, record.get(field.name))

    @property
    def record(self) -> dict[str, Any]:
        return {
            name: convert_to_record(value) for name, value in self.cleaned_data.items()
        }


def list_strays(value: Any, offered: Iterable[tuple[str, Any]]) -> list[str]:
    known = {code for code, _label in offered}
    values = value if isinstance(value, list) else [value]
    return [
        code for code in values if isinstance(code, str) and code not in known | {""}
    ]


# --- the first meeting

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

    def __init__(self, *args: Any, teams: Iterable[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
    def records(self) -> dict[Compartment, dict[str, Any]]:
        """What was answered, part by part; what wasn't is not in it."""
        records: dict[Compartment, dict[str, Any]] = {}
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
        *args: Any,
        often: Sequence[ServiceType] = FIRST_OFFERED,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
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

    def __init__(self, *args: Any, teams: Iterable[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
    def records(self) -> dict[Compartment, dict[str, Any]]:
        name = self.cleaned_data["name"].strip()
        return {C.IDENTITY: {"name": name}} if name else {}


# --- working on a case


class AnswerNeedForm(forms.Form):
    status = forms.ChoiceField(
        label=_("Status of this need"),
        widget=forms.RadioSelect,
        choices=[
            (status.value, status.label)
            for status in Need.Status
            if status is not Need.Status.REFERRED
        ],
    )
    reason = forms.ChoiceField(
        label=_("If nothing acceptable was found, why?"),
        choices=[("", ""), *UnmetReason.choices],
        required=False,
    )


class FollowUpForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Type of follow-up"),
        choices=FollowUp.Kind.choices,
        widget=forms.RadioSelect,
        initial=FollowUp.Kind.CONTACT,
    )
    words = forms.CharField(
        label=_("What needs to be done"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due_at = forms.DateTimeField(
        label=_("By when"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tomorrow = timezone.localtime() + timedelta(days=1)
        self.fields["due_at"].initial = tomorrow.replace(minute=0, second=0)


class OutcomeForm(forms.Form):
    words = forms.CharField(
        label=_("Outcome"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CaseNoteForm(forms.Form):
    words = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "What you saw or heard, and from whom. A note can’t be changed once saved."
        ),
    )


class UrgencyForm(forms.Form):
    urgency = forms.ChoiceField(
        label=_("How urgent is this case?"),
        choices=Urgency.choices,
        widget=forms.RadioSelect,
    )


class SafetyForm(forms.Form):
    """How safe the person is: each item answered, or left as not known."""

    words = forms.CharField(
        label=_("The person’s view of their safety"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    plan = forms.CharField(
        label=_("What we agreed to do, and who can help"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Steps before, during and after danger; safe people and places."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, item in safety.ITEMS.items():
            self.fields[code] = forms.ChoiceField(
                label=str(item.text),
                choices=safety.SafetyAnswer.choices,
                initial=safety.SafetyAnswer.UNKNOWN,
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [
            (name, [self[item.code] for item in items]) for name, items in safety.GROUPS
        ]

    @property
    def answers(self) -> dict[str, str]:
        return {code: self.cleaned_data.get(code) or "unknown" for code in safety.ITEMS}


class FileForm(forms.Form):
    compartment = forms.ChoiceField(label=_("Part of the case"))
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": files.ACCEPTED}),
        help_text=_(
            "PDF, JPEG, PNG or WebP, at most 10 MB. The original is sealed; "
            "colleagues see a copy without location, camera details or hidden "
            "content."
        ),
    )
    words = forms.CharField(
        label=_("What it shows"), max_length=LONGEST_TEXT, required=False
    )

    def __init__(
        self, *args: Any, compartments: Iterable[Compartment], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        part = self.fields["compartment"]
        assert isinstance(part, forms.ChoiceField)
        part.choices = [(c.value, c.label) for c in Compartment if c in compartments]


class RemoveFileForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason for deletion"),
        choices=FileRemoval.choices,
        widget=forms.RadioSelect,
    )


# --- people


def list_worker_choices(workers: Iterable[User]) -> list[tuple[str, str]]:
    return [(str(worker.pk), worker.name) for worker in workers]


class AssignForm(forms.Form):
    worker = forms.ModelChoiceField(User.objects.none(), label=_("Colleague"))
    part = forms.ChoiceField(
        label=pgettext_lazy("of a colleague in a case", "Part"),
        choices=Assignment.GIVEN,
        widget=forms.RadioSelect,
        initial=Assignment.Part.SUPPORT,
    )

    def __init__(self, *args: Any, workers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["worker"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = workers


class RestrictForm(forms.Form):
    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Who may open this case"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, workers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = workers


class TransferTeamField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.organisation} · {obj}"


class TransferForm(forms.Form):
    to = TransferTeamField(Team.objects.none(), label=_("To which team"))
    agreed = forms.CharField(
        label=_("How the person agreed"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Required for another organisation. Within your own, inform the person "
            "anyway."
        ),
    )

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = teams


class TransferDeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason for declining"),
        widget=forms.RadioSelect,
        choices=[
            (reason.value, reason.label)
            for reason in TransferDecline
            if reason is not TransferDecline.TAKEN_BACK
        ],
    )


# --- the end


class CloseForm(forms.Form):
    checklist = forms.MultipleChoiceField(
        label=_("What has been done"),
        choices=list(closing.CHECKLIST.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.ChoiceField(
        label=_("Reason for closure"), choices=[("", ""), *ClosureReason.choices]
    )
    left_open = forms.CharField(
        label=_("What is left open, and why"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Required if the safety, agreement or coming-back item is not "
            "ticked, or a need is outstanding."
        ),
    )
    words = forms.CharField(
        label=_("Anything else a colleague should know if the person comes back"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SendBackForm(forms.Form):
    words = forms.CharField(
        label=_("What still needs to be done"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


# --- finding


class CaseSearchForm(forms.Form):
    q = forms.CharField(
        label=_("Reference, name or telephone number"),
        max_length=100,
        help_text=_("Names are found in other spellings and scripts too."),
    )


# --- emergency contacts


class EmergencyContactForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = EmergencyContact
        fields = (
            *("when", "name", "number", "note", "place"),
            *("name_en", "note_en", "name_fr", "note_fr", "name_ar", "note_ar"),
        )
        labels = {
            "when": _("When to call"),
            "name": _("Who answers"),
            "number": _("Number"),
            "note": _("Instructions or opening hours"),
            "place": _("Position in the list"),
            "name_en": _("Who answers, in English"),
            "note_en": _("Instructions, in English"),
            "name_fr": _("Who answers, in French"),
            "note_fr": _("Instructions, in French"),
            "name_ar": _("Who answers, in Arabic"),
            "note_ar": _("Instructions, in Arabic"),
        }

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if not format_dialled(number):
            raise forms.ValidationError(
                _(
                    "Enter one number, as it is dialled here. Add another line for a "
                    "second number."
                )
            )
        return number

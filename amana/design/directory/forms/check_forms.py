"""Forms by which the details of a service are confirmed: from outside, and by
telephone."""

from typing import Unpack

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.design.directory import hours
from amana.design.directory.forms.directory_inputs import HoursField
from amana.design.directory.models import Service
from amana.ui.form_options import FormOptions, Posted
from amana.ui.labels import format_list

ACTIVE, PAUSED = Service.Status.ACTIVE.value, Service.Status.PAUSED.value

CONFIRMABLE = (
    ("taking", gettext_lazy("It takes new people")),
    ("phone", gettext_lazy("Telephone")),
    ("hours", gettext_lazy("Opening hours")),
    ("conditions", gettext_lazy("For whom it is")),
    ("languages", gettext_lazy("Languages spoken")),
    ("where", gettext_lazy("Where it is")),
)
"""What can be confirmed by telephone."""


class CheckForm(forms.Form):
    """What a service itself says has changed; each field has what is known now."""

    taking = forms.ChoiceField(
        label=gettext_lazy("Do you take new people?"),
        choices=[
            (ACTIVE, gettext_lazy("Yes")),
            (PAUSED, gettext_lazy("No, not at present")),
        ],
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"), max_length=60, required=False
    )
    always_open = forms.BooleanField(
        label=gettext_lazy("Open day and night, all week"), required=False
    )
    words = forms.CharField(
        label=gettext_lazy("Anything else that has changed"),
        help_text=gettext_lazy("Do not name any person you help."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self,
        data: Posted = None,
        *,
        service: Service,
        **options: Unpack[FormOptions],
    ) -> None:
        always = service.hours == hours.ALWAYS
        now = {
            "taking": service.status,
            "phone": service.phone,
            "always_open": always,
        }
        options["initial"] = now
        super().__init__(data, **options)
        self.service = service
        for day in range(7):
            spans = [(s, e) for s, e in service.hours or () if s // hours.DAY == day]
            said = [
                f"{hours.format_clock(s)}–{hours.format_clock(e)}" for s, e in spans
            ]
            self.fields[f"hours_{day}"] = HoursField(
                label=hours.format_day_name(day),
                required=False,
                max_length=100,
                initial="" if always else format_list(said),
            )

    def clean(self) -> dict[str, object]:
        super().clean()
        said = self.cleaned_data
        if not self.errors and not said["words"].strip() and not self.list_changes():
            raise forms.ValidationError(
                _("Change one of the fields, or describe what has changed.")
            )
        return said

    def list_changes(self) -> dict[str, object]:
        """List the fields that would be different, with their new values."""
        said, service = self.cleaned_data, self.service
        found: dict[str, object] = {}
        if said["phone"] != service.phone:
            found["phone"] = said["phone"]
        # Asked of the fields: a span of several days reads otherwise than it is kept.
        of_hours = {"always_open", *(f"hours_{day}" for day in range(7))}
        if of_hours & set(self.changed_data):
            found["hours"] = self.read_hours()
        if said["taking"] != service.status:
            found["status"] = said["taking"]
        return found

    def read_hours(self) -> list[list[int]] | None:
        if self.cleaned_data["always_open"]:
            return hours.ALWAYS
        spans = [
            list(hours.build_span(day, opens, closes))
            for day in range(7)
            for opens, closes in self.cleaned_data[f"hours_{day}"]
        ]
        return spans or None

    @property
    def hour_fields(self) -> list[forms.BoundField]:
        return [self[f"hours_{day}"] for day in range(7)]


class PhoneCheckForm(forms.Form):
    """Who was asked by telephone, and what they confirmed."""

    asked_role = forms.CharField(
        label=gettext_lazy("Who did you talk to?"),
        help_text=gettext_lazy("Enter a role, not a name, such as “intake nurse”."),
        max_length=120,
    )
    confirmed = forms.MultipleChoiceField(
        label=gettext_lazy("What did they confirm?"),
        choices=CONFIRMABLE,
        widget=forms.CheckboxSelectMultiple,
    )

"""The decision about a person who lacks a certificate."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.academy.gates.models import RequirementException
from amana.ui.form_options import Posted


class ExceptionForm(forms.Form):
    what = forms.ChoiceField(
        label=gettext_lazy("What is decided"),
        choices=[
            ("allow", gettext_lazy("They may act in this role until a set date")),
            ("stop", gettext_lazy("They may no longer act in it: colleagues do")),
        ],
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("At most a year from now."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=RequirementException.Reason,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Posted = None) -> None:
        super().__init__(data)
        in_three_months = timezone.localdate() + timedelta(days=90)
        self.fields["until"].initial = in_three_months

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if said.get("what") == "allow" and not said.get("until"):
            self.add_error("until", _("Enter the last day."))
        return said

    @property
    def until_the_end_of_the_day(self) -> datetime:
        return timezone.make_aware(
            datetime.combine(self.cleaned_data["until"], time(23, 59))
        )

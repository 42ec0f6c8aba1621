"""What is asked for a hold, and for a request to be forgotten."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.trust.retention.models import ErasureRequest, Hold
from amana.ui.widgets import build_day_field


class HoldForm(forms.Form):
    ENDS, REVIEWED = "ends", "reviewed"

    reason = forms.ChoiceField(
        label=_("Why it has to be kept"),
        choices=Hold.Reason.choices,
        widget=forms.RadioSelect,
    )
    way = forms.ChoiceField(
        label=_("On that day the hold"),
        choices=[
            (ENDS, _("Ends by itself")),
            (REVIEWED, _("Is reviewed and continues")),
        ],
        widget=forms.RadioSelect,
        initial=REVIEWED,
    )
    on = build_day_field(_("Day"))

    def clean_on(self) -> object:
        chosen = self.cleaned_data["on"]
        # The day itself is still possible: a hold keeps its record through that day.
        if chosen < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later date."))
        return chosen

    @property
    def days(self) -> dict[str, Any]:
        ends = self.cleaned_data["way"] == self.ENDS
        return {"ends_on" if ends else "review_on": self.cleaned_data["on"]}


class RequestForm(forms.Form):
    received_on = build_day_field(_("Day on which the person asked"))

    def clean_received_on(self) -> object:
        chosen = self.cleaned_data["received_on"]
        if chosen > timezone.localdate():
            raise forms.ValidationError(_("This must not be in the future."))
        return chosen


class RefuseForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason to give the person"),
        choices=ErasureRequest.Refusal.choices,
        widget=forms.RadioSelect,
    )

"""What is asked of whoever talks in the circle, or announces a clinic."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.academy.alumni.models import Theme
from amana.design.directory.telling import AboutWork, text_area


class TalkForm(AboutWork):
    theme = forms.ChoiceField(
        label=_("About what"),
        help_text=_("This alone stands on the list; your words are sealed."),
        choices=Theme,
    )
    text = text_area(_("Your words"))

    def telling_fields(self) -> list[str]:
        return ["text"]


class AnswerForm(AboutWork):
    text = text_area(_("Your words"))


class GatheringForm(AboutWork):
    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    begins = forms.TimeField(
        label=_("Begins at"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    where = forms.CharField(
        label=_("Where"),
        help_text=_("A room, a telephone number, or the address of a call."),
        max_length=200,
    )
    about = forms.CharField(
        label=_("About what"),
        help_text=_("The question; the case itself is told there, never here."),
        max_length=300,
    )

    def telling_fields(self) -> list[str]:
        return ["about"]

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes."""
        day, begins = self.cleaned_data["day"], self.cleaned_data["begins"]
        return {
            "starts_at": timezone.make_aware(datetime.combine(day, begins)),
            "where": self.cleaned_data["where"],
            "about": self.cleaned_data["about"],
        }

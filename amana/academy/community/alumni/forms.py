"""Forms: messages in the circle, and the announcement of a clinic."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.academy.community.alumni.models import TalkTheme
from amana.design.directory.identifying_details import WorkTextForm, build_text_area


class TalkForm(WorkTextForm):
    theme = forms.ChoiceField(
        label=_("Topic"),
        help_text=_("Only the topic appears in the list; your message is sealed."),
        choices=TalkTheme,
    )
    text = build_text_area(_("Your message"))

    def telling_fields(self) -> list[str]:
        return ["text"]


class TalkAnswerForm(WorkTextForm):
    text = build_text_area(_("Your message"))


class GatheringForm(WorkTextForm):
    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    begins = forms.TimeField(
        label=_("Begins at"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    where = forms.CharField(
        label=_("Where"),
        help_text=_("A room, a phone number, or the link to a call."),
        max_length=200,
    )
    about = forms.CharField(
        label=_("Topic"),
        help_text=_(
            "Write only the question: the case is presented in the clinic, never here."
        ),
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

"""What is typed about a session: when and where it is, and what is brought to it."""

from datetime import datetime, timedelta
from typing import Any, Unpack

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from amana.academy.cohorts.models import Cohort
from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.sessions.models import Session
from amana.academy.sessions.plans import list_modules_with_plans
from amana.ui.form_options import FormOptions, Posted

OWN = "own meeting"
"""A meeting that no module has a plan for; no module’s code has a space."""


class SessionForm(forms.ModelForm[Session]):
    """Times are those of the cohort's own place."""

    module = forms.ChoiceField(label=gettext_lazy("Which session"))
    title = forms.CharField(
        label=gettext_lazy("Title of your own meeting"), max_length=100, required=False
    )
    task = forms.CharField(
        label=gettext_lazy("What you do in it"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    begins = forms.TimeField(
        label=gettext_lazy("Begins at"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), min_value=10, max_value=600
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    """The number of the last change of the session when the form was drawn."""

    class Meta:
        model = Session
        fields = ["mode", "venue", "video", "link"]
        labels = {
            "mode": gettext_lazy("How people take part"),
            "venue": pgettext_lazy("where a session is held", "Place"),
            "video": gettext_lazy("Video"),
            "link": gettext_lazy("Link"),
        }
        help_texts = {
            "venue": gettext_lazy(
                "A building and a room, for people who come in person."
            ),
            "link": gettext_lazy("Opened only by a click, and only by participants."),
        }

    def __init__(
        self,
        data: Posted = None,
        *,
        instance: Session | None = None,
        cohort: Cohort,
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, instance=instance, **kwargs)
        self.cohort = cohort
        course = load_content(cohort.version)
        modules = list_modules_with_plans(cohort.version)
        field = self.fields["module"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((code, pages.format_text(course, plan.title)) for code, plan in modules),
            (OWN, _("A meeting of your own: questions, office hours, feedback")),
        ]
        self.fields["minutes"].initial = modules[0][1].minutes if modules else 90
        if self.instance._state.adding:
            self.fields.pop("seen")
            self.fields["mode"].initial = cohort.mode
            self.fields["venue"].initial = cohort.place
            self.fields["day"].initial = max(cohort.starts_on, timezone.localdate())
        else:
            self.fields.pop("module")
            self.show_own(self.instance)
            self.fields["seen"].initial = self.instance.sequence
            self.show_times(self.instance)
        self.order_fields(["module", "title", "task", "day", "begins", "minutes"])

    def show_own(self, session: Session) -> None:
        for name in ("title", "task"):
            if session.module:
                self.fields.pop(name)
            else:
                self.fields[name].initial = session.own[name]

    def show_times(self, session: Session) -> None:
        here = session.starts_at.astimezone(self.cohort.zone)
        length = session.ends_at - session.starts_at
        self.fields["day"].initial = here.date()
        self.fields["begins"].initial = here.time().replace(second=0, microsecond=0)
        self.fields["minutes"].initial = round(length.total_seconds() / 60)

    def clean(self) -> dict[str, object]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if {"day", "begins", "minutes"} <= said.keys():
            # Typed as local times of the cohort's place, where the person who plans may
            # not be.
            starts = datetime.combine(
                said["day"], said["begins"], tzinfo=self.cohort.zone
            )
            self.instance.starts_at = starts
            self.instance.ends_at = starts + timedelta(minutes=said["minutes"])
        if self.is_own and not said.get("title"):
            self.add_error("title", _("Give the meeting a title."))
        if said.get("video") == "bbb" and not settings.BIGBLUEBUTTON_URL:
            self.add_error("video", _("BigBlueButton is not set up here."))
        return said

    @property
    def is_own(self) -> bool:
        """Whether it is a meeting that no module has a plan for."""
        if "module" in self.fields:
            return self.cleaned_data.get("module") == OWN
        return not self.instance.module

    @property
    def planned_module(self) -> str:
        """The module whose plan is followed; empty for a meeting of one's own."""
        return "" if self.is_own else str(self.cleaned_data["module"])

    @property
    def said(self) -> dict[str, Any]:
        """What the actions take."""
        fields = ("mode", "venue", "video", "link")
        times = {
            name: getattr(self.instance, name) for name in ("starts_at", "ends_at")
        }
        own = ("title", "task") if self.is_own else ()
        return {name: self.cleaned_data[name] for name in (*fields, *own)} | times


class OwnPollForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Question"), max_length=200)
    options = forms.CharField(
        label=gettext_lazy("Options"),
        help_text=gettext_lazy("One on each line, between two and eight."),
        max_length=800,
        widget=forms.Textarea({"rows": 4}),
    )

    def clean_options(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["options"].splitlines())
        return [line for line in lines if line]


class CaptionsForm(forms.Form):
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=settings.LANGUAGES
    )
    file = forms.FileField(
        label=gettext_lazy("Caption file"),
        help_text=gettext_lazy("WebVTT; the name ends in .vtt"),
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Notes"),
        required=False,
        max_length=20_000,
        strip=False,
        widget=forms.Textarea({"rows": 12}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class RoomCodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Number shown at the door"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )

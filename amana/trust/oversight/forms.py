"""What the log can be filtered by: codes, days and people; never anything sealed. And
what is asked of a data incident."""

from datetime import date, datetime, time, timedelta
from typing import Unpack

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.trust.access.models import User
from amana.trust.audit.models import AuditEvent
from amana.trust.oversight.actions import BreachAssessment
from amana.trust.oversight.labels import DID
from amana.trust.oversight.models import Breach
from amana.ui.form_options import FieldOptions, Label
from amana.ui.widgets import build_day_field


def list_acts() -> list[tuple[str, object]]:
    return [("", _("Any action")), *sorted(DID.items(), key=lambda item: str(item[1]))]


class FilterForm(forms.Form):
    did = forms.ChoiceField(label=_("What was done"), choices=list_acts, required=False)
    person = forms.ModelChoiceField(
        User.objects.order_by("name", "pk"),
        label=_("Done by"),
        empty_label=_("Anyone"),
        required=False,
    )
    since = forms.DateField(
        label=pgettext_lazy("a day", "From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=pgettext_lazy("a day", "To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def narrow(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """Narrow the events to those that were asked for."""
        asked = self.cleaned_data
        if asked.get("did"):
            events = events.filter(did=asked["did"])
        if person := asked.get("person"):
            events = events.filter(actor=person.actor_id)
        if since := asked.get("since"):
            events = events.filter(at__gte=get_day_start(since))
        if until := asked.get("until"):
            events = events.filter(at__lt=get_day_start(until + timedelta(days=1)))
        return events


def get_day_start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# --- data incidents

NO_NAMES = _(
    "Don’t enter names, case numbers or anything that could identify a person."
)


def build_moment_field(
    label: Label, **options: Unpack[FieldOptions]
) -> forms.DateTimeField:
    look = forms.DateTimeInput(
        attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
    )
    return forms.DateTimeField(label=label, widget=look, **options)


def build_text_field(
    label: Label, most: int, **options: Unpack[FieldOptions]
) -> forms.CharField:
    look = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=most, widget=look, **options)


class AssessForm(forms.Form):
    kind = forms.ChoiceField(label=_("What happened?"), choices=Breach.Kind.choices)
    risk = forms.ChoiceField(
        label=_("How serious could it be for people?"),
        choices=Breach.Risk.choices,
        widget=forms.RadioSelect,
        help_text=_("If in doubt, choose the more serious."),
    )
    people = forms.ChoiceField(
        label=_("How many people are affected?"), choices=Breach.People.choices
    )

    @property
    def assessed(self) -> BreachAssessment:
        return BreachAssessment(*(self.cleaned_data[name] for name in ASSESSED))


ASSESSED = ("kind", "risk", "people")


class BreachForm(AssessForm):
    found_at = build_moment_field(
        _("When did you become aware of it?"),
        help_text=_("The 72 hours for notifying the regulator start at this time."),
    )
    happened_on = build_day_field(_("On what day did it happen?"), required=False)
    words = build_text_field(
        _("What happened, in a few sentences"), 2000, help_text=NO_NAMES
    )


class NotifyForm(forms.Form):
    at = build_moment_field(_("When was the regulator notified?"))
    why_late = forms.CharField(
        label=_("Reason, if more than 72 hours had passed"),
        max_length=500,
        required=False,
    )


class PeopleForm(forms.Form):
    on = build_day_field(_("When were the people concerned notified?"))


class CloseForm(forms.Form):
    done = build_text_field(
        _("What was done about it, and to prevent it happening again"),
        2000,
        help_text=NO_NAMES,
    )
    why_not = forms.CharField(
        label=_("Reason, if anyone who should have been notified was not"),
        max_length=500,
        required=False,
    )


class StrikeForm(forms.Form):
    why = forms.CharField(label=_("Why it was not a data breach"), max_length=500)

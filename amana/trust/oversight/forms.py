"""What the log can be filtered by: codes, days and people; never anything sealed. And
what is asked of a data incident."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.trust.access.models import User
from amana.trust.audit.models import AuditEvent
from amana.trust.oversight.actions import Assessed
from amana.trust.oversight.models import Breach
from amana.trust.oversight.words import DID
from amana.ui.widgets import day


def acts() -> list[tuple[str, Any]]:
    return [("", _("Anything")), *sorted(DID.items(), key=lambda item: str(item[1]))]


class FilterForm(forms.Form):
    did = forms.ChoiceField(label=_("What was done"), choices=acts, required=False)
    person = forms.ModelChoiceField(
        User.objects.order_by("name", "pk"),
        label=_("By whom"),
        empty_label=_("Anybody"),
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
        """Those of the events that were asked for."""
        asked = self.cleaned_data
        if asked.get("did"):
            events = events.filter(did=asked["did"])
        if person := asked.get("person"):
            events = events.filter(actor=person.actor_id)
        if since := asked.get("since"):
            events = events.filter(at__gte=begin(since))
        if until := asked.get("until"):
            events = events.filter(at__lt=begin(until + timedelta(days=1)))
        return events


def begin(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# --- data incidents

NO_NAMES = _("No name, no number of a case, nothing by which somebody is recognised.")


def moment(label: Any, **options: Any) -> forms.DateTimeField:
    look = forms.DateTimeInput(
        attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
    )
    return forms.DateTimeField(label=label, widget=look, **options)


def text(label: Any, most: int, **options: Any) -> forms.CharField:
    look = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=most, widget=look, **options)


class AssessForm(forms.Form):
    kind = forms.ChoiceField(label=_("What happened?"), choices=Breach.Kind.choices)
    risk = forms.ChoiceField(
        label=_("How bad could it be for people?"),
        choices=Breach.Risk.choices,
        widget=forms.RadioSelect,
        help_text=_("If you are in doubt, choose the worse."),
    )
    people = forms.ChoiceField(
        label=_("How many people is it about?"), choices=Breach.People.choices
    )

    @property
    def assessed(self) -> Assessed:
        return Assessed(*(self.cleaned_data[name] for name in ASSESSED))


ASSESSED = ("kind", "risk", "people")


class BreachForm(AssessForm):
    found_at = moment(
        _("When did you know of it?"),
        help_text=_("From here the 72 hours run in which the authority is told."),
    )
    happened_on = day(_("On what day did it happen?"), required=False)
    words = text(_("What happened, in a few sentences"), 2000, help_text=NO_NAMES)


class NotifyForm(forms.Form):
    at = moment(_("When was the authority told?"))
    why_late = forms.CharField(
        label=_("If more than 72 hours had passed: why"),
        max_length=500,
        required=False,
    )


class PeopleForm(forms.Form):
    on = day(_("When were the people concerned told?"))


class CloseForm(forms.Form):
    done = text(
        _("What was done about it, and so that it does not happen again"),
        2000,
        help_text=NO_NAMES,
    )
    why_not = forms.CharField(
        label=_("If somebody who would have to hear of it did not: why"),
        max_length=500,
        required=False,
    )


class StrikeForm(forms.Form):
    why = forms.CharField(label=_("Why it was none"), max_length=500)

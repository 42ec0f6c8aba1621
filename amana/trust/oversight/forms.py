"""What the log can be filtered by: codes, days and people; never anything sealed."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.trust.access.models import User
from amana.trust.audit.models import AuditEvent
from amana.trust.oversight.words import DID


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

"""What a recipient answers and records."""

from datetime import datetime
from typing import Unpack

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.care.referrals import needed, referral_messages
from amana.care.referrals.models import Referral
from amana.care.referrals.referral_messages import AppointmentPlace
from amana.care.referrals.states import (
    DeclineReason,
    ReferralOutcome,
    ReferralStatus,
    StopReason,
    UnaskedReason,
)
from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.trust.access.models.organisations import User
from amana.ui import clocks
from amana.ui.form_options import FieldOptions, FormOptions, Label, Posted
from amana.ui.typed import parse_small_int

LONGEST_LETTER = 4000


MOST_PLACES = 20


DAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


class AppointmentTimeField(forms.DateTimeField):
    """A date and a time of day, at the place of the mechanism."""

    def __init__(self, *, label: Label, **options: Unpack[FieldOptions]) -> None:
        look = forms.DateTimeInput(
            attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        )
        super().__init__(label=label, widget=look, **options)


class SealedTextField(forms.CharField):
    """Words for the other team, kept sealed."""

    def __init__(
        self,
        *,
        label: Label,
        max_length: int = LONGEST_LETTER,
        rows: int = 3,
        **options: Unpack[FieldOptions],
    ) -> None:
        options.setdefault("required", False)
        look = forms.Textarea(attrs={"rows": rows})
        super().__init__(label=label, max_length=max_length, widget=look, **options)


class NoteOptions(FormOptions, total=False):
    by: User | None
    """Who fills it in."""


class ReferralNoteForm(forms.Form):
    note = SealedTextField(label=_("Message to the other team"))

    def __init__(
        self,
        referral: Referral,
        data: Posted = None,
        *,
        by: User | None = None,
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        self.referral, self.by = referral, by


class PlainStepForm(ReferralNoteForm):
    """A step that needs no word."""

    note = None  # type: ignore[assignment]


class AcceptForm(ReferralNoteForm):
    note = SealedTextField(
        label=_("Message to the sender"),
        help_text=_("For instance: what to bring, or whom to ask for at the door."),
    )
    places = forms.IntegerField(
        label=_("Places to reserve"),
        min_value=0,
        max_value=MOST_PLACES,
        help_text=_("0 if they are already counted as taken."),
    )
    field_order = ("places", "note")

    def __init__(
        self, referral: Referral, data: Posted = None, **kwargs: Unpack[NoteOptions]
    ) -> None:
        super().__init__(referral, data, **kwargs)
        if referral.service.counts_places:
            self.fields["places"].initial = (
                min(MOST_PLACES, needed.count_places(referral, by=self.by))
                if self.by
                else 1
            )
        else:
            del self.fields["places"]


class AttendedForm(ReferralNoteForm):
    """Before the hour of an appointment it has to be confirmed."""

    early = forms.BooleanField(label=_("The person came earlier"), required=False)
    field_order = ("early", "note")

    def __init__(
        self, referral: Referral, data: Posted = None, **kwargs: Unpack[NoteOptions]
    ) -> None:
        super().__init__(referral, data, **kwargs)
        at = None
        if self.by is not None and referral.state is ReferralStatus.APPOINTMENT:
            at = referral_messages.find_appointment_time(referral, by=self.by)
        if at is None or at <= timezone.now():
            del self.fields["early"]
            return
        when = clocks.format_deadline(at)
        early = self.fields["early"]
        early.required = True
        early.help_text = _("The appointment is %(when)s.") % {"when": when}
        early.error_messages["required"] = _(
            "The appointment is %(when)s. Confirm that the person came earlier, or "
            "record it then."
        ) % {"when": when}

    def clean(self) -> None:
        self.cleaned_data.pop("early", None)


class ReferralDeclineForm(ReferralNoteForm):
    reason = forms.ChoiceField(
        label=_("Why"), choices=DeclineReason.choices, widget=forms.RadioSelect
    )
    note = SealedTextField(
        label=_("What the sender should know"),
        help_text=_("This helps them to choose better. It is kept sealed."),
    )
    field_order = ("reason", "note")


class ServiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Service) -> str:
        return f"{obj} · {obj.organisation}"


class RedirectForm(ReferralNoteForm):
    find = forms.CharField(label=_("Find a service"), max_length=80, required=False)
    to = ServiceField(
        Service.objects.none(),
        label=_("Who may be able to help"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    field_order = ("find", "to", "note")

    def __init__(
        self, referral: Referral, data: Posted = None, **kwargs: Unpack[NoteOptions]
    ) -> None:
        super().__init__(referral, data, **kwargs)
        sought = (self.data or self.initial).get("find", "")
        chosen = parse_small_int(self.data.get("to", ""))
        assert self.by is not None
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = find_similar_services(referral, sought, self.by)
        # A number that was typed or chosen before a new search stays a choice only if
        # the user may see that service: no number reveals a hidden one.
        if chosen is not None and not field.queryset.filter(pk=chosen).exists():
            active = Service.objects.active().filter(pk=chosen)
            field.queryset = see_service.among(active, self.by)

    def clean(self) -> None:
        # What remains is passed to the action as its arguments.
        self.cleaned_data.pop("find", None)


def find_similar_services(
    referral: Referral, sought: str, by: User
) -> QuerySet[Service]:
    """Find other services that take referrals, of those that `by` may know of."""
    others = (
        see_service.among(Service.objects.active(), by)
        .filter(accepts_referrals=True)
        .exclude(pk=referral.service_id)
        .select_related("organisation")
        .order_by("name", "pk")
    )
    if sought.strip():
        return others.filter(name__icontains=sought.strip())
    return others.filter(area=referral.service.area_id)


class AppointmentForm(ReferralNoteForm):
    note = None  # type: ignore[assignment]
    at = AppointmentTimeField(label=_("When"))
    place = forms.ChoiceField(
        label=_("Kind of place"),
        choices=AppointmentPlace.choices,
        initial=AppointmentPlace.THEIRS,
        widget=forms.RadioSelect,
    )
    where = forms.CharField(
        label=_("Where exactly"),
        max_length=300,
        required=False,
        help_text=_("It is kept sealed. Name a meeting point if the place is secret."),
    )
    accompanied_by = forms.CharField(
        label=_("Who is with them"), max_length=200, required=False
    )
    interpreter = forms.CharField(
        label=_("Interpreter"),
        max_length=200,
        required=False,
        help_text=_("Trained and neutral: never family or a fellow traveller."),
    )
    contact = forms.CharField(
        label=_("How to remind the person safely"),
        max_length=300,
        required=False,
        help_text=_("Or note that they must not be reminded."),
    )

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at <= timezone.now():
            raise forms.ValidationError(_("Choose a time in the future."))
        return at


class DiscontinueForm(ReferralNoteForm):
    reason = forms.ChoiceField(
        label=_("Why"), choices=StopReason.choices, widget=forms.RadioSelect
    )
    field_order = ("reason", "note")


class PersonConfirmationForm(ReferralNoteForm):
    note = None  # type: ignore[assignment]
    outcome = forms.ChoiceField(
        label=_("The person’s answer"),
        choices=ReferralOutcome.choices,
        widget=forms.RadioSelect,
    )
    words = SealedTextField(
        label=_("In their own words"),
        help_text=_("It stays in the case, sealed. The service does not see it."),
    )


class UnaskedForm(ReferralNoteForm):
    note = None  # type: ignore[assignment]
    reason = forms.ChoiceField(
        label=_("Why they were not asked"),
        choices=UnaskedReason.choices,
        widget=forms.RadioSelect,
    )

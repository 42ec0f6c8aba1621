"""What is filled in about a referral. Forms know the shape; actions decide."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import UnmetReason
from amana.care.consent.models import Consent, VitalInterest
from amana.care.consent.payload import ALONG, WRITTEN_IN
from amana.care.referrals import needed, referral_messages
from amana.care.referrals.actions import NOT_HEARD_OF
from amana.care.referrals.models import Referral
from amana.care.referrals.referral_messages import AppointmentPlace, HandoverMessage
from amana.care.referrals.states import (
    DeclineReason,
    ReferralOutcome,
    ReferralStatus,
    StopReason,
    UnaskedReason,
)
from amana.design.directory.forms import list_area_choices
from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.trust.access.models import User
from amana.ui import clocks, languages
from amana.ui.labels import format_list
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

    def __init__(self, **kwargs: Any) -> None:
        look = forms.DateTimeInput(
            attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        )
        super().__init__(widget=look, **kwargs)


class SealedTextField(forms.CharField):
    """Words for the other team, kept sealed."""

    def __init__(self, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_LETTER)
        kwargs.setdefault("required", False)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class ReferralNoteForm(forms.Form):
    note = SealedTextField(label=_("Message to the other team"))

    def __init__(
        self, referral: Referral, *args: Any, by: User | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
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

    def __init__(self, referral: Referral, *args: Any, **kwargs: Any) -> None:
        super().__init__(referral, *args, **kwargs)
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

    def __init__(self, referral: Referral, *args: Any, **kwargs: Any) -> None:
        super().__init__(referral, *args, **kwargs)
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

    def __init__(self, referral: Referral, *args: Any, **kwargs: Any) -> None:
        super().__init__(referral, *args, **kwargs)
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


def find_similar_services(referral: Referral, sought: str, by: User) -> Any:
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


class MessageForm(forms.Form):
    text = SealedTextField(label=_("Write to the other team"), required=True)


class SlipForm(forms.Form):
    """How the slip that the person takes along looks."""

    language = forms.ChoiceField(label=_("Language of the slip"))
    team = forms.BooleanField(
        label=_("Show our team’s name"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (code, languages.format_language(code)) for code, _ in settings.LANGUAGES
        ]


class HandoverForm(forms.Form):
    """A warm handover: no one is sent off alone with a slip."""

    note = SealedTextField(
        label=_("Accompanying message"),
        help_text=_("Only what the person agreed to share. It is kept sealed."),
    )
    who = forms.CharField(
        label=_("Who brings or accompanies the person"), max_length=200, required=False
    )
    at = AppointmentTimeField(label=_("Departure or arrival time"), required=False)
    where = forms.CharField(label=_("Meeting point"), max_length=300, required=False)
    transport = forms.CharField(
        label=_("How they travel"), max_length=200, required=False
    )
    met_with = forms.CharField(
        label=_("Interpreter"),
        max_length=200,
        required=False,
        help_text=_("Trained and neutral: never family or a fellow traveller."),
    )

    def handover(self) -> HandoverMessage | None:
        said = {k: v for k, v in self.cleaned_data.items() if k != "note" and v}
        if "met_with" in said:  # one form with `interpreter` of the question
            said["interpreter"] = said.pop("met_with")
        return HandoverMessage(**said) if said else None

    def along(self) -> list[str]:
        """List the letters that this writes, by name."""
        written = {name for name, value in self.cleaned_data.items() if value}
        return [letter for letter in ALONG if written & set(WRITTEN_IN[letter])]

    def is_heard_of(self, agreed: Iterable[Consent]) -> bool:
        """Check whether she was informed, with each of these, of the letters written
        here."""
        if all(set(self.along()) <= set(consent.along) for consent in agreed):
            return True
        self.add_error(None, NOT_HEARD_OF)
        return False


class ServiceSearchForm(forms.Form):
    """Where to search: posted, because where a person is may be in no address."""

    area = forms.ChoiceField(label=_("Near"), required=False)
    within_km = forms.TypedChoiceField(
        label=_("Within"),
        choices=[("", _("any distance")), *((km, f"{km} km") for km in (10, 50, 150))],
        coerce=float,
        empty_value=None,
        required=False,
    )
    more = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list_area_choices(empty=str(_("anywhere")))


class UnmetForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why none is suitable"),
        choices=UnmetReason.choices,
        widget=forms.RadioSelect,
    )


class VitalInterestForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why the person can’t be asked"),
        choices=VitalInterest.Reason.choices,
        widget=forms.RadioSelect,
    )
    words = SealedTextField(
        label=_("The danger"),
        help_text=_("Kept sealed in the case. The second person reads it."),
        required=True,
    )


class AccessCodeForm(forms.Form):
    """The code that was given by voice, or that is on a return slip."""

    code = forms.CharField(
        label=_("The code you were given"),
        error_messages={"required": _("Enter the code.")},
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "dir": "ltr"}
        ),
    )


class QuestionForm(forms.Form):
    """What someone without an account asks of the sender."""

    text = SealedTextField(
        label=_("Your question, or what the sender should know"),
        help_text=_("Only the sender’s team can read it."),
        required=True,
    )


def add_name_field(form: forms.Form) -> None:
    """Add a field for the first name of an outsider, if they wish to give it."""
    form.fields.pop("places", None)  # they count their places themselves
    form.fields["who"] = forms.CharField(
        label=_("Your first name"),
        help_text=_("So that the sender knows whom to ask for."),
        max_length=60,
        required=False,
    )


class SheetForm(forms.Form):
    """In which language a sheet is printed: that of those who will read it."""

    language = forms.ChoiceField(
        label=_("Language of the sheet"), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = languages.list_languages()


class CoverForm(forms.Form):
    away = forms.ModelChoiceField(User.objects.none(), label=_("Who is away"))
    covered_by = forms.ModelChoiceField(User.objects.none(), label=_("Covered by"))
    first_on = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, away: Any, members: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, people in (("away", away), ("covered_by", members)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = people

    def clean(self) -> None:
        said = self.cleaned_data
        if said.get("away") and said.get("away") == said.get("covered_by"):
            self.add_error("covered_by", _("Choose someone else as cover."))
        first, last = said.get("first_on"), said.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day is before the first day."))


class DutyForm(forms.Form):
    """Who reads the inbox on one day of the week."""

    workers = forms.ModelMultipleChoiceField(
        User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, members: Any, weekday: int, data: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(data, prefix=f"day{weekday}", **kwargs)
        self.weekday = weekday
        field = self.fields["workers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = members
        field.label = self.label = DAYS[weekday]

    @property
    def names(self) -> str:
        """Who has duty, where it can only be read."""
        chosen = set(self.initial.get("workers", []))
        field = self.fields["workers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        named = field.queryset or User.objects.none()
        return format_list(user.name for user in named if user.pk in chosen)


class HandoverColleagueForm(forms.Form):
    """To which colleague something is handed."""

    colleague = forms.ModelChoiceField(User.objects.none(), label=_("Colleague"))

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["colleague"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = colleagues

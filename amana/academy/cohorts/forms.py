"""Forms for those who ask or apply, and for those who answer them."""

from collections.abc import Sequence
from itertools import groupby
from typing import Unpack
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amana.academy.cohorts import invitation_lists
from amana.academy.cohorts.actions import ApplicantDetails, CohortPlan, build_plan
from amana.academy.cohorts.invitation_lists import InvitationList
from amana.academy.cohorts.models import AdmissionRule, Application, Cohort, CohortMode
from amana.academy.cohorts.rules import STAFF
from amana.errors import Refused
from amana.trust.access.models import User
from amana.ui import languages
from amana.ui.form_options import FieldOptions, Files, FormOptions, Label, Posted
from amana.ui.widgets import build_day_field

type Choices = list[tuple[str, str]]


def build_text_field(
    *,
    label: Label,
    max_length: int = 2000,
    rows: int = 4,
    **options: Unpack[FieldOptions],
) -> forms.CharField:
    look = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=max_length, widget=look, **options)


class VisitorForm(forms.Form):
    """A visitor enters how to be answered; a person who is signed in need not."""

    name = forms.CharField(label=_("Your name"), max_length=120, required=False)
    contact = forms.CharField(
        label=_("How can we answer you?"),
        help_text=_("An e-mail address, or a telephone number with its country code."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )

    def __init__(
        self, user: User | None, data: Posted = None, **named: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **named)
        if user is not None:
            for known in ("name", "contact"):
                del self.fields[known]

    @property
    def said(self) -> ApplicantDetails:
        names = ApplicantDetails.__dataclass_fields__.keys() & self.cleaned_data.keys()
        return ApplicantDetails(**{name: self.cleaned_data[name] for name in names})


class CourseQuestionForm(VisitorForm):
    message = build_text_field(
        label=_("Your question"),
        help_text=_("Please do not write anything about a person whom you help."),
    )
    field_order = ("message", "name", "contact")


class ApplyForm(VisitorForm):
    organisation = forms.CharField(
        label=_("Where do you work?"), max_length=200, required=False
    )
    sector = forms.ChoiceField(
        label=_("In which field?"),
        choices=[("", _("Prefer not to say")), *Application.Sector.choices],
        required=False,
    )
    languages = forms.CharField(
        label=_("Which languages do you speak?"), max_length=120, required=False
    )
    access_needs = build_text_field(
        rows=2,
        label=_("What do you need in order to take part?"),
        help_text=_("For example a ramp, an interpreter, or more time."),
        max_length=500,
        required=False,
    )
    scholarship_asked = forms.BooleanField(
        label=_("I am applying for a scholarship"), required=False
    )
    message = build_text_field(
        rows=3,
        label=_("Is there anything else?"),
        help_text=_("Please do not write anything about a person whom you help."),
        required=False,
    )

    def __init__(self, user: User | None, cohort: Cohort, data: Posted = None) -> None:
        super().__init__(user, data)
        if not cohort.scholarships:
            del self.fields["scholarship_asked"]


class HelpForm(forms.Form):
    question = forms.CharField(
        label=_("Your question"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


# --- for the academy's staff


class ReplyForm(forms.Form):
    reply = build_text_field(
        label=_("What you answered"),
        help_text=_(
            "People with an account read it here. Write to the others, or call them."
        ),
    )


class OfferForm(forms.Form):
    until = forms.DateField(
        label=_("Keep the place until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        help_text=_("If you leave this empty, the place is kept for a week."),
    )


class AccountForm(forms.Form):
    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("The address with which they sign in here."),
    )
    person: User | None = None

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        self.person = User.objects.filter(email=email, is_active=True).first()
        if self.person is None:
            raise forms.ValidationError(_("No active account here has this address."))
        return email


class InvitationLinkForm(forms.Form):
    """A link for many."""

    places = forms.IntegerField(
        label=_("For how many people"), min_value=1, max_value=10_000
    )
    expires_on = build_day_field(_("Until the end of"))


class InvitationListForm(forms.Form):
    """People to invite, as a file or pasted."""

    file = forms.FileField(label=_("The list as a file (CSV)"), required=False)
    people = build_text_field(
        rows=6,
        label=_("Or paste it here"),
        help_text=_(
            "One person on each line: e-mail address, name, language. Name and "
            "language may be missing."
        ),
        max_length=invitation_lists.MOST_BYTES,
        required=False,
    )

    def __init__(
        self,
        language: str,
        data: Posted = None,
        files: Files = None,
        **named: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **named)
        self._language = language
        self.found: InvitationList | None = None
        if self.is_bound and self.is_valid():
            self._read()

    def _read(self) -> None:
        sent = self.cleaned_data["file"]
        try:
            text = (
                invitation_lists.decode_list(sent.read(invitation_lists.MOST_BYTES + 1))
                if sent
                else self.cleaned_data["people"]
            )
            self.found = invitation_lists.read_list(text, language=self._language)
        except Refused as reason:
            self.add_error("file" if sent else "people", str(reason))


class MessageForm(forms.Form):
    """A message to everyone who takes part, or to one of them."""

    text = build_text_field(
        label=_("Message"),
        help_text=_("Please do not write anything about a person whom someone helps."),
    )

    def __init__(
        self,
        seats: QuerySet[Application],
        data: Posted = None,
        **named: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **named)
        self.fields["to"] = SeatField(
            seats,
            label=_("To"),
            empty_label=_("Everyone who takes part"),
            required=False,
        )


class SeatField(forms.ModelChoiceField[Application]):
    def label_from_instance(self, seat: Application) -> str:
        return seat.person.name if seat.person else seat.name


class BringForm(forms.Form):
    """The dates for which a person who asked wishes to apply."""

    def __init__(self, cohorts: QuerySet[Cohort], data: Posted = None) -> None:
        super().__init__(data)
        self.fields["cohort"] = forms.ModelChoiceField(
            cohorts, label=_("Dates"), empty_label=None
        )


class CohortForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    """The plan that is being changed: no one overwrites what they have not read."""
    name = forms.CharField(label=_("Name"), max_length=120)
    starts_on = build_day_field(_("First day"))
    ends_on = build_day_field(_("Last day"))
    open_until = build_day_field(_("Apply by"))
    mode = forms.ChoiceField(
        label=_("How"), choices=CohortMode, widget=forms.RadioSelect
    )
    place = forms.CharField(
        label=_("Where"),
        help_text=_("For those who come in person: town and building."),
        max_length=200,
        required=False,
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    language = forms.ChoiceField(label=_("Language"))
    track = forms.ChoiceField(
        label=_("For which sector"),
        help_text=_("What is for it comes first; learners can choose another."),
        required=False,
    )
    capacity = forms.IntegerField(label=_("Places"), min_value=1, max_value=10_000)
    fee = forms.DecimalField(
        label=_("Fee"),
        help_text=_("No payment is made here. Leave 0 if there is no fee."),
        min_value=0,
        max_digits=10,
        decimal_places=2,
        initial=0,
    )
    currency = forms.RegexField(
        "^[A-Z]{3}$",
        label=_("Currency"),
        help_text=_("Three letters, such as EUR."),
        required=False,
    )
    scholarships = forms.IntegerField(
        label=_("Scholarships"), min_value=0, max_value=10_000, initial=0
    )
    entry = forms.ChoiceField(
        label=_("Who may apply"), choices=AdmissionRule, widget=forms.RadioSelect
    )
    facilitators = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Led by"),
        help_text=_(
            "Only these people and the coordinators see who takes part. A trainer who "
            "opens a cohort leads it too, until they hand it over."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self,
        data: Posted = None,
        *,
        tracks: Sequence[tuple[str, str]] = (),
        **named: Unpack[FormOptions],
    ) -> None:
        """Show a cohort’s form; `tracks` are those of its course."""
        super().__init__(data, **named)
        self.offer_tracks(tracks)
        zones = self.fields["time_zone"]
        assert isinstance(zones, forms.ChoiceField)
        zones.choices = list_time_zones()
        spoken = self.fields["language"]
        assert isinstance(spoken, forms.ChoiceField)
        spoken.choices = languages.list_languages()
        people = self.fields["facilitators"]
        assert isinstance(people, forms.ModelMultipleChoiceField)
        people.queryset = find_staff()

    def offer_tracks(self, tracks: Sequence[tuple[str, str]]) -> None:
        if not tracks:
            del self.fields["track"]
            return
        track = self.fields["track"]
        assert isinstance(track, forms.ChoiceField)
        track.choices = [("", gettext("All sectors alike")), *tracks]

    @property
    def plan(self) -> CohortPlan:
        said = self.cleaned_data
        return CohortPlan(**{name: said[name] for name in said if name != "seen"})


def list_time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """List the zones by region, each by its name without the region: typing a town
    finds it."""
    zones = sorted(available_timezones() - {"UTC", "Factory", "localtime"})
    regions = groupby(
        (zone for zone in zones if "/" in zone), lambda zone: zone.partition("/")[0]
    )
    towns = [
        (region, [(zone, zone.partition("/")[2].replace("_", " ")) for zone in found])
        for region, found in regions
    ]
    others = [(zone, zone) for zone in zones if "/" not in zone]
    return [("UTC", [("UTC", "UTC")]), *towns, (gettext("Other"), others)]


def find_staff() -> QuerySet[User]:
    """Find the people who may lead a cohort."""
    places = {"memberships__confirmed_at__isnull": False, "memberships__ended_at": None}
    # In one filter: two filters could take the role from one membership and its state
    # from another.
    held = User.objects.filter(memberships__role__in=sorted(STAFF), **places)
    return held.filter(is_active=True).distinct().order_by("name", "pk")


def build_initial_values(cohort: Cohort) -> dict[str, object]:
    """Build the initial values of the form from a cohort that exists."""
    plan = build_plan(cohort)
    return plan.columns | {
        "facilitators": [facilitator.pk for facilitator in plan.facilitators],
        "seen": plan.fingerprint,
    }


def build_default_values(by: User) -> dict[str, object]:
    return {
        "facilitators": [by.pk],
        "mode": CohortMode.ONLINE,
        "entry": AdmissionRule.PUBLIC,
        "time_zone": settings.TIME_ZONE,
        "language": settings.LANGUAGE_CODE,
        "capacity": 20,
        "starts_on": timezone.localdate(),
    }

"""What the worker fills in while the person is asked; actions decide."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Unpack

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundWidget
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amana.care.cases.fields import FIELDS
from amana.care.consent import consent_text, recordings
from amana.care.consent.actions import SAY_IT
from amana.care.consent.consent_questions import ConsentFormContext
from amana.care.consent.consent_text import ConsentText
from amana.care.consent.models import LONGEST, USUAL, Consent
from amana.care.consent.payload import ALONG, WRITTEN_IN, ConsentPayload, list_letters
from amana.care.consent.recordings import PhraseRecording
from amana.care.consent.register import filter_by_name
from amana.design.directory.codes import list_languages
from amana.trust.access.models import Team
from amana.trust.vault.compartments import Compartment
from amana.ui.form_options import FormOptions, Posted

AT_ONCE = 30
"""So many teams are listed; with more, one looks for the name."""

REFERRAL = Consent.Purpose.REFERRAL


@dataclass(frozen=True)
class FieldGroup:
    """The boxes to tick of one compartment."""

    label: str
    boxes: list[BoundWidget]


class ConsentForm(forms.Form):
    """The answer to one question.

    To embed it: `{% include "consent/ask.html#fields" %}` inside a form, with `asked`
    and `consent_form` in the context; then `actions.give(…, **form.said())`, or
    `give_in_order` where several teams are asked about."""

    share = forms.MultipleChoiceField(
        label=_("Shared information"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that may be shared.")},
    )
    until = forms.DateField(
        label=_("Until when"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    language = forms.ChoiceField(label=_("Language used with the person"))
    heard = forms.CharField(widget=forms.HiddenInput, required=False)
    """A digest of the text on the page: what she heard is what is recorded."""
    understood = forms.BooleanField(
        label=_("The person explained in their own words what they agree to"),
        required=False,
    )
    given_by = forms.ChoiceField(label=_("Who answers"), widget=forms.RadioSelect)
    why_alone = forms.CharField(
        label=_("Law that allows the child to decide alone"),
        max_length=300,
        required=False,
    )
    mode = forms.ChoiceField(
        label=_("How they answered"),
        choices=Consent.Mode.choices,
        initial=Consent.Mode.SPOKEN,
        widget=forms.RadioSelect,
    )
    interpreter = forms.BooleanField(label=_("An interpreter helped"), required=False)
    copy = forms.ChoiceField(
        label=_("Paper copy"),
        choices=Consent.Copy.choices,
        initial=Consent.Copy.NONE,
        widget=forms.RadioSelect,
    )
    conditions = forms.CharField(
        label=_("The person’s conditions for the recipient"),
        help_text=_(
            "For example, who they must never call. It is sealed, and sent with the "
            "information."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )

    def __init__(
        self,
        asked: ConsentFormContext,
        data: Posted = None,
        *,
        again: Consent | None = None,
        **kwargs: Unpack[FormOptions],
    ) -> None:
        """Build the form; `again`: the person is asked about the same, until another
        time."""
        kwargs.setdefault("auto_id", "consent_%s")
        super().__init__(data, **kwargs)
        self.asked, self.again = asked, again
        offered = again.fields if again else asked.offered
        labels = [(key, FIELDS[key].label) for key in offered]
        self.choose("share", labels, again.fields if again else asked.enough)
        spoken = asked.language or (get_language() or "en")
        self.choose("language", list_languages([spoken]), spoken)
        answers = [(by.value, by.label) for by in asked.answers]
        self.choose("given_by", answers, answers[0][0])
        today = timezone.localdate()
        self.fields["until"].initial = today + USUAL
        self.fields["until"].widget.attrs |= {
            "min": today.isoformat(),
            "max": (today + LONGEST - timedelta(days=1)).isoformat(),
        }

    def choose(self, name: str, choices: Any, initial: object) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices, field.initial = choices, initial

    # --- what is shown

    def groups(self) -> Iterator[FieldGroup]:
        """Yield the boxes by compartment, of what is recorded; and all of a part that
        who asks may not open, so that nothing shows what is in it."""
        for compartment in Compartment:
            boxes = [
                box
                for box in self["share"].subwidgets
                if FIELDS[get_key(box)].compartment == compartment
            ]
            if boxes:
                yield FieldGroup(str(compartment.label), boxes)

    def shared(self) -> list[str]:
        """List what is ticked now."""
        ticked = self["share"].value() or []
        return [key for key in self.asked.offered if key in ticked]

    def along(self) -> list[str]:
        """List the letters in the same form, by name: the text mentions them."""
        if self.again:
            return list(self.again.along)
        written = {name for name in self.data if str(self.data[name]).strip()}
        return [letter for letter in ALONG if written & set(WRITTEN_IN[letter])]

    def payload(self) -> ConsentPayload:
        """Build what would be shared, as the form is filled in now."""
        conditions = str(self["conditions"].value() or "")
        return self.asked.payload(
            self.shared(),
            expires_at=self.until_now(),
            letters=list_letters(conditions=conditions, along=self.along()),
        )

    @property
    def spoken(self) -> str:
        return str(self["language"].value())

    @property
    def in_their_language(self) -> bool:
        return consent_text.is_written(self.spoken)

    def wording(self) -> ConsentText:
        """Build the text about what is ticked now, in her language."""
        return consent_text.build_wording(
            self.spoken, self.payload(), child=self.asked.child
        )

    def sounds(self) -> dict[str, PhraseRecording]:
        """Map the recorded phrases of the text to where they can be heard."""
        return recordings.map_sounds(self.wording())

    def until_now(self) -> datetime:
        """Return the end in the form, or the usual one while it is no date."""
        value = self["until"].value()
        try:
            return compute_end_of_day(self.fields["until"].clean(value))
        except forms.ValidationError:
            return compute_end_of_day(timezone.localdate() + USUAL)

    def digest(self) -> str:
        """Compute a digest of the text as it reads now."""
        return hashlib.sha256(self.wording().plain().encode()).hexdigest()[:16]

    # --- what was said

    def clean_until(self) -> object:
        until = self.cleaned_data["until"]
        # A day counts to its last moment, and a consent lasts one year at most: so the
        # last day is one earlier.
        last = timezone.localdate(timezone.now() + LONGEST) - timedelta(days=1)
        if until < timezone.localdate():
            raise forms.ValidationError(_("This date has passed. Choose a later one."))
        if until > last:
            raise forms.ValidationError(
                _("One year at most: not after %(day)s.") % {"day": date_format(last)}
            )
        return until

    def clean_share(self) -> list[str]:
        share: list[str] = self.cleaned_data["share"]
        if self.again and set(share) != set(self.again.fields):
            raise forms.ValidationError(_("To share other information, ask again."))
        return share

    def clean_understood(self) -> bool:
        if not self.cleaned_data["understood"]:
            raise forms.ValidationError(SAY_IT)
        return True

    def clean(self) -> None:
        # What is shared, or how, may have changed since the page was made: only what
        # she heard may be recorded.
        if self.cleaned_data.get("heard") != self.digest():
            self.add_error(
                None,
                _(
                    "The information to share has changed since this text was "
                    "prepared. Read it aloud again."
                ),
            )

    def said(self) -> dict[str, Any]:
        """Return the arguments of `actions.give` that the form knows, or of
        `prolong`."""
        said = self.cleaned_data
        fields = {} if self.again else {"fields": said["share"]}
        return fields | {
            "expires_at": compute_end_of_day(said["until"]),
            "language": said["language"],
            "mode": said["mode"],
            "given_by": said["given_by"],
            "why_alone": said["why_alone"],
            "interpreter": said["interpreter"],
            "understood": said["understood"],
            "copy": said["copy"],
            "conditions": said["conditions"],
            **({} if self.again else {"along": self.along()}),
        }


def get_key(box: BoundWidget) -> str:
    return str(box.data["value"])


def compute_end_of_day(day: date) -> datetime:
    """Compute the last moment of a day, here."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


class RecipientTeamField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Teams by their own name and their organisation's."""

    def label_from_instance(self, team: Team) -> str:
        return f"{team.organisation.name} · {team.name}"


class ReferenceForm(forms.Form):
    """All that a person has to give of themselves to end a consent."""

    reference = forms.CharField(
        label=_("Case reference"),
        help_text=_(
            "It is on the person’s slip. You can type it in upper or lower case."
        ),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "dir": "ltr",
            }
        ),
    )


class RecipientForm(forms.Form):
    """Whom to ask about, and why. While one is `looking`, nothing is wrong yet."""

    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=[choice for choice in Consent.Purpose.choices if choice[0] != REFERRAL],
        initial=Consent.Purpose.COORDINATION,
        help_text=_("To ask a service for help, start from the need."),
        widget=forms.RadioSelect,
    )
    q = forms.CharField(
        label=_("Name of the team or organisation"), max_length=100, required=False
    )
    team = RecipientTeamField(
        Team.objects.none(),
        label=_("With whom"),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(
        self, teams: QuerySet[Team], data: Mapping[str, object], *, looking: bool
    ) -> None:
        super().__init__(None if looking else data)
        words = str(data.get("q", "")).strip()
        # One more than is listed, to know that there are more.
        found = list(filter_by_name(teams, words)[: AT_ONCE + 1])
        self.more = len(found) > AT_ONCE
        shown = teams.filter(pk__in=[team.pk for team in found[:AT_ONCE]])
        self.fields["team"].queryset = shown  # type: ignore[attr-defined]
        if looking:
            usual = self.fields["purpose"].initial
            self.initial = {"q": words, "purpose": data.get("purpose", usual)}

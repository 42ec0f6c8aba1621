"""What is asked before another team is asked about a person."""

from typing import Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amana.care.consent.forms import RecipientTeamField
from amana.care.consent.models import Consent
from amana.care.known_elsewhere.enquiry_text import TEXT
from amana.language_folders import list_complete_languages
from amana.trust.access.models import Team
from amana.ui import languages
from amana.ui.form_options import FormOptions, Posted


def list_text_languages() -> list[tuple[str, str]]:
    """List the languages in which there is the whole text that is read aloud."""
    codes = list_complete_languages(TEXT)
    return [(code, languages.format_language(code)) for code in codes]


class EnquiryTeamForm(forms.Form):
    asked = RecipientTeamField(
        Team.objects.none(),
        label=_("Who to ask"),
        help_text=_("A team in another organisation that helps people."),
    )
    language = forms.ChoiceField(
        label=_("Language used with the person"), choices=list_text_languages
    )

    def __init__(
        self, teams: QuerySet[Team], data: Posted = None, **kwargs: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["asked"].queryset = teams  # type: ignore[attr-defined]


class EnquiryConsentForm(forms.Form):
    given_by = forms.ChoiceField(
        label=_("Who answers"),
        choices=Consent.GivenBy.choices,
        widget=forms.RadioSelect,
        initial=Consent.GivenBy.PERSON,
    )
    why_alone = forms.CharField(
        label=_("Law that allows the child to decide alone"),
        max_length=300,
        required=False,
    )
    understood = forms.BooleanField(
        label=_("The person explained in their own words what they agree to")
    )

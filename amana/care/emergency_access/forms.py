"""Forms: what is asked before a case is opened in an emergency, and of the reviewer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.care.consent.forms import ReferenceForm
from amana.care.emergency_access.models import EmergencyAccess
from amana.ui.form_options import Label


def build_words_field(label: Label, help_text: Label = "") -> forms.CharField:
    look = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(
        label=label, help_text=help_text, max_length=300, widget=look
    )


class EmergencyAccessForm(ReferenceForm):
    why = forms.ChoiceField(
        label=_("Why can’t it wait?"),
        choices=EmergencyAccess.Why.choices,
        widget=forms.RadioSelect,
    )
    words = build_words_field(
        _("What happened, in a few words"),
        _("Without a name. The reviewer reads this, and so may the person concerned."),
    )


class EmergencyReviewForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Was it right to open the case?"),
        choices=EmergencyAccess.Verdict.choices,
        widget=forms.RadioSelect,
    )
    said = build_words_field(
        _("What did you find?"), _("Speak with your colleague first. Without a name.")
    )

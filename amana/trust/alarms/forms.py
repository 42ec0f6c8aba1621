"""Forms for the person who settles an alarm."""

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.trust.alarms.models import Alarm


class SettleForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    """How often it was when the page was drawn: what came since was not looked at."""
    outcome = forms.ChoiceField(
        label=_("What did you find out?"),
        choices=Alarm.Outcome.choices,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In a few words"),
        help_text=_(
            "Speak with your colleague first. Don’t enter names, case numbers or "
            "anything that could identify a person you help."
        ),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

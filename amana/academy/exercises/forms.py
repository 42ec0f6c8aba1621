"""What is chosen when an exercise is opened."""

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.academy.exercises.models import PlayMode


class ModeForm(forms.Form):
    mode = forms.TypedChoiceField(
        label=_("How it is played"),
        choices=PlayMode.choices,
        coerce=PlayMode,
        initial=PlayMode.ROOM,
    )

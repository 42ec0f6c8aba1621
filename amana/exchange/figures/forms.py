"""The form to load a classification."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LoadForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the classification"), max_length=80, initial="IC-TIP"
    )
    version = forms.CharField(label=_("Version"), max_length=40)
    source = forms.CharField(
        label=_("Source"),
        help_text=_("The publication and its date, so that others can compare."),
        max_length=300,
    )
    file = forms.FileField(
        label=_("Table (CSV)"),
        help_text=_("With the columns dimension, ours, code and label."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

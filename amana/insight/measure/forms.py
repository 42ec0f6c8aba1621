from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.insight.measure.models import CountryNumber


class CountryNumberForm(forms.Form):
    what = forms.ChoiceField(label=_("What it is"), choices=CountryNumber.What.choices)
    year = forms.IntegerField(
        label=_("Valid from year"), min_value=1990, max_value=2100
    )
    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=2_000_000_000)
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("A census, a law, a decision: something that others can look up."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["year"].initial = timezone.localdate().year

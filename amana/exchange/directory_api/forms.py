"""What is asked of a colleague who proposes a key."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.exchange.directory_api.models import LONGEST
from amana.trust.access.models import Organisation

USUAL = timedelta(days=180)


class ApiKeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the program"),
        help_text=_("For example: portal of the ministry."),
        max_length=80,
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation that runs it")
    )
    ends_on = forms.DateField(
        label=_("Valid until"),
        help_text=_("At most one year."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choice = self.fields["organisation"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Organisation.objects.admitted().order_by("name")
        self.fields["ends_on"].initial = timezone.localdate() + USUAL

    def clean_ends_on(self) -> date:
        ends_on: date = self.cleaned_data["ends_on"]
        today = timezone.localdate()
        if not today <= ends_on <= today + LONGEST:
            raise forms.ValidationError(_("Choose a day within one year from today."))
        return ends_on

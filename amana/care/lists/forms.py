"""The name of a view, and for whom it is."""

from collections.abc import Sequence
from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.trust.access.models import Team
from amana.ui.form_options import FormOptions, Posted

LONGEST = 60


class ViewNameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=LONGEST)


class SaveViewForm(ViewNameForm):
    list = forms.CharField(max_length=12, widget=forms.HiddenInput)
    kind = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)
    query = forms.CharField(max_length=600, required=False, widget=forms.HiddenInput)
    team = forms.TypedChoiceField(
        label=_("For whom"), required=False, coerce=int, empty_value=None
    )
    begin = forms.BooleanField(label=_("Make this my default view"), required=False)

    def __init__(
        self,
        data: Posted = None,
        *,
        teams: Sequence[Team],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        choices = [("", _("Only me"))] + [(str(t.pk), t.name) for t in teams]
        self.fields["team"].choices = choices  # type: ignore[attr-defined]

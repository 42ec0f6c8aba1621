"""What is asked of those who choose custodians, and of custodians."""

from collections.abc import Sequence
from typing import Unpack

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.trust.access.models import Membership, User
from amana.trust.vault.forms import build_code_field
from amana.trust.vault.statements import CUSTODIANS
from amana.ui.form_options import FormOptions, Posted
from amana.ui.widgets import NOTHING_CHOSEN


class CustodiansForm(forms.Form):
    """Five people, each from the same list."""

    def __init__(
        self,
        data: Posted = None,
        *,
        of: Sequence[Membership],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        self.people = {str(place.user_id): place.user for place in of}
        offered = [
            (str(place.user_id), f"{place.team.organisation.name} · {place.user.name}")
            for place in of
        ]
        for number in range(1, CUSTODIANS + 1):
            self.fields[f"custodian_{number}"] = forms.ChoiceField(
                label=_("Custodian %(number)d") % {"number": number},
                choices=[("", _(NOTHING_CHOSEN)), *offered],
            )

    @property
    def chosen(self) -> list[User]:
        return [self.people[said] for said in self.cleaned_data.values()]


class PaperShareForm(forms.Form):
    """A share as it is on paper."""

    code = build_code_field(gettext_lazy("Code on your paper"))


class ShareForm(PaperShareForm):
    """A share from paper, or nothing where one's keys open it."""

    def __init__(self, data: Posted = None, **kwargs: Unpack[FormOptions]) -> None:
        super().__init__(data, **kwargs)
        self.fields["code"].required = False
        self.fields["code"].help_text = _(
            "Leave this empty if you don’t have the paper with you: your keys then "
            "open the share."
        )

"""Forms: what is asked of the officer who requests a decoy case, and of its maker."""

from typing import Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import Urgency
from amana.care.cases.usual import get_usual_urgency
from amana.design.directory.taxonomy import ServiceType
from amana.trust.access.models import Membership
from amana.ui.form_options import FormOptions, Posted


class DecoyLeaderField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.team.organisation.name} · {obj.team.name} · {obj.user.name}"


class DecoyRequestForm(forms.Form):
    place = DecoyLeaderField(Membership.objects.none(), label=_("Team and colleague"))

    def __init__(
        self,
        places: QuerySet[Membership],
        data: Posted = None,
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, DecoyLeaderField)
        field.queryset = places


def list_unhurried_needs() -> list[ServiceType]:
    """List the needs for which no one is called at once."""
    # An urgent need would call a colleague at night for a person who does not exist.
    return [kind for kind in ServiceType if get_usual_urgency(kind) > Urgency.U0]


class DecoyForm(forms.Form):
    name = forms.CharField(
        label=_("Invented name"),
        help_text=_(
            "A name that is likely here, but that no person you help has: a new "
            "person with the same name would raise an alarm."
        ),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Invented telephone number"),
        help_text=_("A number that reaches no one."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    need = forms.ChoiceField(
        label=_("What is needed"),
        choices=[("", ""), *((kind, kind.label) for kind in list_unhurried_needs())],
        help_text=_("Only a need that no one has to act on at once."),
    )
    words = forms.CharField(
        label=_("Invented account"),
        help_text=_(
            "What a person who opens the case would read. Nothing about a real person."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

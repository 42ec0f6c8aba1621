"""What is filled in about a request for help. Forms know the shape; actions decide."""

from collections.abc import Sequence
from typing import Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import Need
from amana.care.referrals.states import DeclineReason
from amana.care.requests.models import Enquiry
from amana.care.requests.reach import EmergencyService, choose_nearest
from amana.care.requests.states import AskingOrder
from amana.design.directory.models import Service
from amana.trust.access.models import Team
from amana.ui.form_options import FormOptions, Posted

TOGETHER = "together"


class AskingOrderForm(forms.Form):
    """One after the other, or all at once: as the person wishes."""

    order = forms.ChoiceField(
        label=_("Order of requests"),
        choices=AskingOrder.choices,
        initial=AskingOrder.IN_TURN,
        widget=forms.RadioSelect,
    )


class EmergencyRequestForm(forms.Form):
    """Whom to ask, and where to come: nothing about the person."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Your team"))
    ask = forms.ChoiceField(label=_("Services to ask"), widget=forms.RadioSelect)
    where = forms.CharField(
        label=_("Where to come"),
        help_text=_(
            "A place, not a name: “gate 3”. You can add another number to call. "
            "Sealed for the teams you ask."
        ),
        max_length=200,
        required=False,
    )

    def __init__(
        self,
        data: Posted = None,
        *,
        teams: Sequence[Team],
        choices: Sequence[EmergencyService],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        self.choices, self.together = choices, choose_nearest(list(choices))
        team, ask = self.fields["team"], self.fields["ask"]
        assert isinstance(team, forms.ModelChoiceField)
        assert isinstance(ask, forms.ChoiceField)
        team.queryset = Team.objects.filter(pk__in=[known.pk for known in teams])
        team.initial = teams[0].pk
        if len(teams) == 1:
            team.widget = forms.HiddenInput()
        single = [(str(c.service.pk), c.service.called) for c in choices]
        several = [(TOGETHER, _("Nearest open services"))] if self.together else []
        ask.choices = [*several, *single]

    @property
    def services(self) -> list[Service]:
        """Those to ask, nearest first."""
        if self.cleaned_data["ask"] == TOGETHER:
            return [choice.service for choice in self.together]
        wanted = self.cleaned_data["ask"]
        return [c.service for c in self.choices if str(c.service.pk) == wanted]


class AcceptRequestForm(forms.Form):
    places = forms.IntegerField(
        label=_("Places to reserve"), min_value=0, max_value=20, initial=1
    )

    def __init__(
        self, enquiry: Enquiry, data: Posted = None, **kwargs: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **kwargs)
        if not enquiry.service.counts_places:
            del self.fields["places"]


class DeclineRequestForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why"), choices=DeclineReason.choices, widget=forms.RadioSelect
    )


class NeedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Needs by the reference of their case."""

    def label_from_instance(self, need: Need) -> str:
        return f"{need.case.reference} · {need.needed}"


class JoinCaseForm(forms.Form):
    """For which person, and which of their needs, help was asked."""

    need = NeedChoice(
        Need.objects.none(),
        label=_("Case and need"),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(
        self, needs: QuerySet[Need], data: Posted = None, **kwargs: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["need"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = needs

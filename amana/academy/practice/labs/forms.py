"""What is asked at a table, and in a clinic."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.academy.practice.labs.engine.lab import LabClause
from amana.design.directory.identifying_details import WorkTextForm, build_text_area
from amana.ui.form_options import Posted


class ProposalForm(forms.Form):
    """Words for a clause, with its choice where it has one."""

    words = forms.CharField(
        label=_("Wording of the clause"),
        help_text=_("It becomes part of the procedures as you write it."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
    )
    why = forms.CharField(
        label=_("Reason, for everyone to read"), max_length=500, required=False
    )

    def __init__(
        self, clause: LabClause, initial: Mapping[str, str], data: Posted = None
    ) -> None:
        super().__init__(data, initial=dict(initial))
        if not clause.options:
            return
        self.fields["option"] = forms.ChoiceField(
            label=clause.title,
            choices=[(option.code, option.text) for option in clause.options.values()],
            widget=forms.RadioSelect,
        )
        # The choice decides by itself; words only refine it.
        self.fields["words"].required = False
        self.order_fields(["option", "words", "why"])


class ReasonForm(forms.Form):
    """Why a party refuses, or walks away."""

    why = forms.CharField(
        label=_("Reason, for everyone to read"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ChannelForm(forms.Form):
    text = build_text_area(_("Your message"))


class ClinicCaseForm(WorkTextForm):
    """A case in which no one can be recognised."""

    text = build_text_area(
        _("What happened, and what you did"),
        _(
            "Change anything that could identify the person: age, country, place, "
            "work, numbers."
        ),
    )
    asks = build_text_area(_("What you ask the circle"))


class ClinicMessageForm(WorkTextForm):
    text = build_text_area(_("Your message"))

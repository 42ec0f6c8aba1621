"""What is asked at a table, and in a clinic."""

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.academy.practice.labs.engine.lab import LabClause
from amana.design.directory.identifying_details import WorkTextForm, build_text_area
from amana.ui.form_options import Posted


class OptionProposalForm(forms.Form):
    """An option of a clause that is not on the table yet."""

    why = forms.CharField(
        label=_("Reason, for everyone to read"), max_length=500, required=False
    )

    def __init__(
        self, clause: LabClause, there: frozenset[str], data: Posted = None
    ) -> None:
        super().__init__(data)
        options = clause.options.values()
        self.fields["option"] = forms.ChoiceField(
            label=clause.title,
            choices=[
                (option.code, option.text)
                for option in options
                if option.code not in there
            ],
            widget=forms.RadioSelect,
        )
        self.order_fields(["option", "why"])


class AsideForm(forms.Form):
    text = build_text_area(_("Note for your own party"))


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

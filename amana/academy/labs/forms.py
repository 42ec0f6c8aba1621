"""What is asked at a table, and in a clinic."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.academy.labs.engine.lab import Clause
from amana.design.directory.telling import AboutWork, text_area


class ProposeForm(forms.Form):
    """An option of a clause that is not on the table yet."""

    why = forms.CharField(
        label=_("Reason, for everyone to read"), max_length=500, required=False
    )

    def __init__(self, clause: Clause, there: frozenset[str], *given: Any) -> None:
        super().__init__(*given)
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
    text = text_area(_("Note for your own party"))


class CaseForm(AboutWork):
    """A case in which no one can be recognised."""

    text = text_area(
        _("What happened, and what you did"),
        _(
            "Change anything that could identify the person: age, country, place, "
            "work, numbers."
        ),
    )
    asks = text_area(_("What you ask the circle"))


class WordForm(AboutWork):
    text = text_area(_("Your message"))

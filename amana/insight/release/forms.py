"""What is asked of those who propose a release, and of those who restate one."""

from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.insight.facts.kinds import KINDS
from amana.insight.measure.engine.definitions import D0
from amana.insight.measure.figure_years import FigureYear
from amana.insight.release import choosing
from amana.insight.release.noising import ONCE_IN_A_CASE
from amana.ui.form_options import FormOptions, Posted


class ChooseForm(forms.Form):
    """Of which figures, split by what."""

    figures = forms.MultipleChoiceField(
        label=_("Figures"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one figure.")},
    )
    by = forms.MultipleChoiceField(
        label=_("Split by"),
        help_text=_("The total for everyone is always included."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    twice = forms.ChoiceField(
        label=_("Split each table again by"), widget=forms.RadioSelect, required=False
    )

    def __init__(
        self, year: FigureYear, data: Posted = None, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.fields["figures"].choices = choosing.list_figures(year)  # type: ignore[attr-defined]
        self.fields["by"].choices = choosing.list_splits()  # type: ignore[attr-defined]
        twice = [("", _("Nothing")), *choosing.list_second_splits()]
        self.fields["twice"].choices = twice  # type: ignore[attr-defined]
        self.initial.setdefault("twice", "")


class RestateForm(forms.Form):
    why = forms.CharField(
        label=_("Why have these figures changed?"),
        help_text=_("Everyone can read this. Name no person and no small group."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CheckForm(forms.Form):
    file = forms.FileField(
        label=_("Table (CSV)"),
        help_text=_("The file is read and not kept."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )


class DrawForm(forms.Form):
    """A table with noise: of which year and what, split by what, for how much."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    kind = forms.ChoiceField(label=_("What happened"))
    split = forms.ChoiceField(label=_("Split by"))
    epsilon = forms.FloatField(label=_("ε of this table"), min_value=0.01, max_value=10)

    def __init__(self, data: Posted = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        kinds = [(code, KINDS[code].title) for code in ONCE_IN_A_CASE]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        splits = [split for split in choosing.list_splits() if split[0] in D0]
        self.fields["split"].choices = splits  # type: ignore[attr-defined]


class BudgetForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    epsilon = forms.FloatField(
        label=_("ε of all its tables together"),
        help_text=_("A smaller ε reveals less, and makes each count less exact."),
        min_value=0.01,
        max_value=10,
    )

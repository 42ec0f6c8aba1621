"""What is asked of a figure: a year, which people, and how to split them.

One may choose one of quarter, area or sector, and one thing to split by: there is a
protected table of just that. Any closer, and no one would be shown (ADR 24).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.insight.facts.kinds import KINDS
from amana.insight.measure import labels
from amana.insight.measure.engine.definitions import D0, IndicatorPart
from amana.insight.measure.engine.protected_tables import TWICE
from amana.insight.measure.engine.visible_figures import Cell

OF_NO_PERSON = ("area", "sector")


def list_dimensions(part: IndicatorPart) -> tuple[str, ...]:
    """List the dimensions by which a figure can be split."""
    of_people = KINDS[part.chosen.kind].of_person
    return (*part.by, *(D0 if of_people else OF_NO_PERSON))


def get_default_split(part: IndicatorPart) -> str:
    dims = list_dimensions(part)
    return dims[0] if part.by else "sex" if "sex" in dims else dims[0]


class FigureForm(forms.Form):
    year = forms.TypedChoiceField(label=lazy("Year"), coerce=int, required=False)
    only = forms.ChoiceField(label=lazy("Only"), required=False)
    by = forms.ChoiceField(label=lazy("Split by"), required=False)

    def __init__(
        self, said: Mapping[str, str], years: list[int], year: int, part: IndicatorPart
    ) -> None:
        usual = {"year": str(year), "by": get_default_split(part)}
        super().__init__(usual | {k: v for k, v in said.items() if v}, auto_id="ask-%s")
        self.fields["year"].choices = [(n, str(n)) for n in years]  # type: ignore[attr-defined]
        self.fields["only"].choices = [("", _("Everyone")), *list_filter_choices()]  # type: ignore[attr-defined]
        kind = part.chosen.kind
        by = [(dim, labels.label_dimension(dim, kind)) for dim in list_dimensions(part)]
        self.fields["by"].choices = by  # type: ignore[attr-defined]


def list_filter_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (label_filter(dim), [(f"{dim}:{c}", str(label)) for c, label in known.items()])
        for dim in TWICE
        if (known := labels.map_labels(dim))
    ]


def label_filter(dim: str) -> str:
    return _("Quarter") if dim == "quarter" else labels.label_dimension(dim)


@dataclass(frozen=True)
class FigureQuestion:
    year: int
    only: str = ""
    by: str = ""

    @property
    def at(self) -> Cell:
        dim, colon, code = self.only.partition(":")
        return ((dim, code),) if colon else ()

    @property
    def dim(self) -> str:
        return self.only.partition(":")[0]

    @property
    def words(self) -> str:
        """The chosen group, in words; empty for everyone."""
        return labels.label_code(*self.at[0]) if self.at else ""

    @property
    def query(self) -> str:
        said = {"year": self.year, "only": self.only, "by": self.by}
        return urlencode({key: value for key, value in said.items() if value})


def read_question(form: FigureForm, year: int, part: IndicatorPart) -> FigureQuestion:
    """Read what was asked, as far as it can be; the rest as usual."""
    form.is_valid()
    said: Mapping[str, Any] = form.cleaned_data
    only, by = said.get("only") or "", said.get("by") or get_default_split(part)
    # A group split by what it was chosen by would be a single row.
    if by == only.partition(":")[0]:
        by = next(dim for dim in list_dimensions(part) if dim != by)
    return FigureQuestion(said.get("year") or year, only, by)

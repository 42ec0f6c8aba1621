"""What is asked of the writers of a brief."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.insight.briefs import cited_figures, labels
from amana.insight.briefs.parts import BEST, BriefPart, BriefSection, PartShape
from amana.insight.briefs.starting import BriefSubject, DraftWriter
from amana.insight.briefs.texts import BriefText
from amana.insight.measure.labels import label_dimension
from amana.insight.release.models import Release
from amana.ui import languages

BY = ("sex", "age_band", "nationality_group", "exploitation", "area", "sector")
"""What the chart may split a figure by."""
ROWS = {PartShape.TEXT: 4, PartShape.POINTS: 5}


class BeginForm(forms.Form):
    """What it is about, and of which year its figures are."""

    about = forms.ChoiceField(label=_("Indicator"))
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    gap = forms.CharField(required=False, widget=forms.HiddenInput)
    scenario = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["about"].choices = labels.list_indicators()  # type: ignore[attr-defined]
        years = [(year, str(year)) for year in cited_figures.list_years()]
        self.fields["year"].choices = years  # type: ignore[attr-defined]

    def clean_gap(self) -> str:
        gap = str(self.cleaned_data["gap"])
        if gap and DraftWriter(BriefSubject("", gap), {}).gap is None:
            raise forms.ValidationError(_("This gap is no longer found."))
        return gap


class ReportForm(forms.Form):
    """Of which release the report of a year is made."""

    release = forms.ModelChoiceField(
        label=_("Release"), queryset=Release.objects.in_force().order_by("-pk")
    )


class DraftField(forms.Field):
    """Asked for, and yet a draft may be saved without it."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class DraftTextField(DraftField, forms.CharField):
    pass


class DraftDateField(DraftField, forms.DateField):
    pass


class DraftChoiceField(DraftField, forms.ChoiceField):
    pass


class SectionForm(forms.Form):
    """The parts of a section in one language, with those that all languages share."""

    # A draft is saved with parts still missing: no browser may insist on them.
    use_required_attribute = False

    was = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        section: BriefSection,
        text: BriefText,
        language: str,
        data: Mapping[str, Any] | None,
    ) -> None:
        initial = {part.code: text.raw(part.code, language) for part in section.parts}
        super().__init__(
            data, initial=initial | {"was": text.newest(section, language)}
        )
        for part in section.parts:
            self.fields[part.code] = build_field(part, text, language)

    def said(self) -> dict[str, str]:
        return {
            # Browsers send `\r\n`: unchanged text would look changed, and get a
            # passage.
            name: str(value or "").replace("\r\n", "\n")
            for name, value in self.cleaned_data.items()
            if name != "was"
        }


def build_field(part: BriefPart, text: BriefText, language: str) -> forms.Field:
    given: dict[str, Any] = {
        "label": part.label,
        "help_text": part.hint,
        "required": not part.may_be_empty,
    }
    match part.shape:
        case PartShape.DAY:
            day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            return DraftDateField(**given, widget=day)
        case PartShape.SCORE:
            scores = [(str(n), str(n)) for n in range(1, BEST + 1)]
            return DraftChoiceField(**given, choices=[("", "–"), *scores])
        case PartShape.FIGURE:
            offered = [
                (name, f"{name} · {figure.title}: {figure.words}")
                for name, figure in text.figures.items()
            ]
            return DraftChoiceField(**given, choices=[("", "–"), *offered])
        case PartShape.GROUPS:
            dims = [(dim, label_dimension(dim)) for dim in BY]
            return DraftChoiceField(**given, choices=[("", _("No chart")), *dims])
    spoken = {"lang": language, "dir": languages.get_direction(language)}
    if part.shape is PartShape.LINE:
        line = forms.TextInput(attrs=spoken)
        return DraftTextField(**given, max_length=part.most, widget=line)
    area = forms.Textarea(attrs=spoken | {"rows": ROWS[part.shape]})
    return DraftTextField(**given, max_length=part.most, widget=area)


class PublishForm(forms.Form):
    """`seen`: the newest passage on the page that is being read."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    languages = forms.MultipleChoiceField(
        label=_("Publish it in"), widget=forms.CheckboxSelectMultiple
    )
    looked = forms.BooleanField(
        label=_("I have checked: no one can be recognised from this."), required=False
    )

    def __init__(self, ready: list[str], unsure: bool, seen: int) -> None:
        super().__init__(initial={"languages": ready, "seen": seen})
        named = [(code, languages.format_language(code)) for code in ready]
        self.fields["languages"].choices = named  # type: ignore[attr-defined]
        if not unsure:
            del self.fields["looked"]

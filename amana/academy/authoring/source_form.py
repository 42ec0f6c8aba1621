"""A source of a course as a form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from amana.academy.authoring.placed_faults import check_characters
from amana.academy.authoring.question_entries import Entry, set_text
from amana.ui.form_options import Posted
from amana.ui.widgets import build_day_field

TEXTS = ("title", "by", "at", "url", "licence", "note")


class SourceForm(forms.Form):
    """What lessons cite; shown filled in, or empty for a new one."""

    key = forms.RegexField(
        label=gettext_lazy("Key"),
        regex=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$",
        help_text=gettext_lazy("A lesson cites who-2003 as [@who-2003]."),
    )
    title = forms.CharField(label=gettext_lazy("Title"))
    by = forms.CharField(label=gettext_lazy("Author or publisher"), required=False)
    year = forms.RegexField(
        label=gettext_lazy("Year"), regex=r"^[0-9]{4}$", required=False
    )
    url = forms.URLField(
        label=gettext_lazy("Web address"), assume_scheme="https", required=False
    )
    at = forms.CharField(
        label=pgettext_lazy("in a source", "Page, article or chapter"), required=False
    )
    opened = build_day_field(
        gettext_lazy("The day on which one of you opened it"), required=False
    )
    licence = forms.CharField(label=gettext_lazy("Licence"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"), widget=forms.Textarea({"rows": 2}), required=False
    )
    was = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Posted = None,
        *,
        key: str = "",
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """Show a source; one that has a `key` keeps it, since lessons cite it."""
        super().__init__(data, initial=dict(initial or {}))
        if key:
            del self.fields["key"]

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        check_characters(self, said)
        return said

    def build_source(self, was: Entry) -> dict[str, Any]:
        """Build what sources.yaml says of it."""
        said, data = dict(was), self.cleaned_data
        for name in TEXTS:
            set_text(said, was, name, " ".join(str(data[name]).split()))
        opened = data["opened"]
        set_text(said, was, "opened", opened.isoformat() if opened else "")
        if not data["year"]:
            said.pop("year", None)
        # A year that was written as a text, as 2000–2003, stays one.
        elif str(was.get("year", "")) != data["year"]:
            said["year"] = int(data["year"])
        return said

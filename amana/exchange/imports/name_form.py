"""The form in which a person decides which organisations or areas names in a file
are."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amana.design.directory.models import Area
from amana.exchange.imports import actions
from amana.exchange.imports.models import Import, ImportName, NameKind, NameResolution
from amana.trust.access.models import Organisation
from amana.ui.harmless import remove_tricks

PROPOSED, OTHER = "proposed", "other"
NEW, LEFT = NameResolution.NEW.value, NameResolution.LEFT.value
CHOICES: dict[NameKind, list[tuple[str, str | Promise]]] = {
    NameKind.ORGANISATION: [
        (PROPOSED, gettext_lazy("The organisation that is proposed for each")),
        (OTHER, gettext_lazy("Another organisation of the directory")),
        (NEW, gettext_lazy("New organisations")),
        (LEFT, gettext_lazy("Leave their services out")),
    ],
    NameKind.MISSING: [
        (OTHER, gettext_lazy("An organisation of the directory")),
        (NEW, gettext_lazy("One new organisation")),
        (LEFT, gettext_lazy("Leave their services out")),
    ],
    NameKind.AREA: [
        (PROPOSED, gettext_lazy("The area that is proposed for each")),
        (OTHER, gettext_lazy("Another area of the directory")),
        (LEFT, gettext_lazy("Import their services without an area")),
    ],
}
"""What the ticked names can be, by kind."""


class NamesForm(forms.Form):
    """Which names, and what they are."""

    names = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Which names"),
        queryset=ImportName.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    everything = forms.BooleanField(
        label=gettext_lazy("All names that are not decided yet"), required=False
    )
    choice = forms.ChoiceField(
        label=gettext_lazy("What they are"), widget=forms.RadioSelect
    )
    other = forms.CharField(
        label=gettext_lazy("Its name"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Of another one, or of a new one."),
    )

    def __init__(
        self,
        brought: Import,
        kind: NameKind,
        shown: Sequence[ImportName],
        data: Any = None,
    ) -> None:
        super().__init__(data)
        self.kind = kind
        self.of_kind = brought.names.filter(kind=kind)
        names = self.fields["names"]
        assert isinstance(names, forms.ModelMultipleChoiceField)
        names.queryset = self.of_kind
        names.choices = [(name.pk, describe_name(name)) for name in shown]
        choice = self.fields["choice"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = CHOICES[kind]
        choice.initial = CHOICES[kind][0][0]
        if kind == NameKind.AREA:
            self.fields["other"].label = gettext_lazy("Its name or code")
            self.fields["other"].help_text = ""

    def clean(self) -> None:
        said = self.cleaned_data
        if not said.get("everything") and not said.get("names"):
            self.add_error("names", _("Tick at least one name."))
        is_new = said.get("choice") == NEW and self.kind == NameKind.MISSING
        if (said.get("choice") == OTHER or is_new) and not said.get("other"):
            self.add_error("other", _("Enter its name."))
        elif said.get("choice") == OTHER:
            said["found"] = self.find_other(said["other"])

    def find_other(self, name: str) -> Organisation | Area | None:
        """Find what is called so; a mistake at the field names what is similar."""
        is_area = self.kind == NameKind.AREA
        known = actions.load_areas() if is_area else actions.load_organisations()
        things: QuerySet[Area] | QuerySet[Organisation] = (
            Area.objects.for_choice() if is_area else Organisation.objects.all()
        )
        key = known.exact.get(name) or known.find_folded(name)
        if key is None:
            similar = known.find_similar(name)
            what = _("The directory has none of this name.")
            if similar is not None:
                other = things.get(pk=similar).name
                what = _("The directory has none of this name, but “%s”.") % other
            self.add_error("other", what)
            return None
        return things.get(pk=key)

    def decide(self, brought: Import, *, by: Any) -> None:
        """Decide as the form says."""
        said = self.cleaned_data
        names = list(said["names"])
        if said["everything"]:
            names = list(self.of_kind.filter(resolution__in=actions.OPEN))
        resolution = {NEW: NameResolution.NEW, LEFT: NameResolution.LEFT}.get(
            said["choice"], NameResolution.KNOWN
        )
        found = said.get("found")
        is_named = resolution == NameResolution.NEW and self.kind == NameKind.MISSING
        actions.decide_names(
            brought,
            names,
            resolution=resolution,
            organisation=found if isinstance(found, Organisation) else None,
            area=found if isinstance(found, Area) else None,
            new_name=said["other"] if is_named else "",
            by=by,
        )


def describe_name(name: ImportName) -> str:
    """Describe a name, how many services have it, and what it was taken to be."""
    said = remove_tricks(name.name) or _("no organisation at all")
    parts = [
        isolate(said),
        ngettext("%(n)s service", "%(n)s services", name.rows) % {"n": name.rows},
    ]
    it = name.area or name.organisation
    if name.resolution == NameResolution.SIMILAR:
        parts.append(_("similar to “%s”") % isolate(str(it)))
    elif name.resolution == NameResolution.KNOWN and it:
        parts.append(_("is “%s”") % isolate(str(it)))
    elif name.resolution == NameResolution.NEW and name.new_name:
        parts.append(_("new: “%s”") % isolate(name.new_name))
    else:
        parts.append(name.get_resolution_display())
    return " · ".join(parts)


def isolate(text: str) -> str:
    """Isolate a text, so that it does not reorder what is around it."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"

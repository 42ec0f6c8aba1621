"""Forms for a person who imports a file."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from amana.design.directory.taxonomy import ServiceType
from amana.exchange.geojson import mapping
from amana.exchange.imports.models import ImportRow

LARGEST = 50 * 1024 * 1024
HSDS = "hsds"


def list_kinds() -> list[tuple[str, object]]:
    maps = [
        (
            f"geojson:{name}",
            _("GeoJSON map, as “%(name)s” publishes it") % {"name": name},
        )
        for name in mapping.list_shipped()
    ]
    return [(HSDS, _("HSDS 3.x: JSON, or a zip of its tables")), *maps]


class ServiceFileForm(forms.Form):
    """A file of services, and how to read it."""

    kind = forms.ChoiceField(
        label=_("What kind of file is it?"),
        widget=forms.RadioSelect,
        choices=list_kinds,
    )
    file = forms.FileField(
        label=_("File"), help_text=_("Up to 50 MB. Nothing changes until you confirm.")
    )
    origin = forms.SlugField(
        label=_("Name of the source"),
        required=False,
        help_text=_(
            "Short, and the same each time you upload a file from this source: "
            "“city-services”. GeoJSON maps name their own."
        ),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size and file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 50 MB."))
        return file

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if said.get("kind") == HSDS and not said.get("origin"):
            self.add_error("origin", _("Enter the name of the source."))
        return said


class FixRowForm(forms.Form):
    """The fields that a row lacked, so that it can be placed after all."""

    name = forms.CharField(label=_("Name of the service"), max_length=200)
    organisation = forms.CharField(label=_("Organisation"), max_length=200)
    types = forms.MultipleChoiceField(
        label=_("What it offers"), choices=ServiceType, widget=forms.SelectMultiple
    )

    @classmethod
    def of(cls, row: ImportRow, data: object = None) -> "FixRowForm":
        initial = {
            "name": row.values.get("name", ""),
            "organisation": row.organisation,
            "types": row.values.get("types", []),
        }
        return cls(data, initial=initial)  # type: ignore[arg-type]

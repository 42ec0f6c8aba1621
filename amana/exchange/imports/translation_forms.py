"""The form for a file that may be a translation of another one of its source."""

from django import forms
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from amana.exchange.imports.forms import ServiceFileForm
from amana.names import LANGUAGES


class TranslatedFileForm(ServiceFileForm):
    """A file of services, or the same services in another language."""

    translates = forms.ChoiceField(
        label=gettext_lazy("It translates an earlier file into"),
        required=False,
        help_text=gettext_lazy(
            "If the same services, with the same ids, were imported in another "
            "language: only their names are added."
        ),
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        field = self.fields["translates"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("It is no translation")),
            *(
                (code, str(get_language_info(code)["name_translated"]))
                for code in LANGUAGES
            ),
        ]

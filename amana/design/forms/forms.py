from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.design.forms.engine.form_model import Form
from amana.ui import languages
from amana.ui.form_options import FormOptions, Posted

PAGED, LANGUAGE = "form:paged", "form:language"
PIECES = (
    ("", _("All at once")),
    ("group", _("Part by part")),
    ("question", _("One question at a time")),
)


class XLSFormUpload(forms.Form):
    workbook = forms.FileField(
        label=_("The form (.xlsx)"),
        help_text=_("Nothing is saved."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


class PreviewForm(forms.Form):
    """The ways in which a form is shown when it is tried out."""

    def __init__(
        self, data: Posted = None, *, of: Form, **kwargs: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields[PAGED] = forms.ChoiceField(
            label=_("How it is shown"), choices=PIECES, required=False
        )
        if len(of.languages) > 1:
            spoken = [(code, languages.format_language(code)) for code in of.languages]
            self.fields[LANGUAGE] = forms.ChoiceField(
                label=_("Language"), choices=spoken, required=False
            )

"""A file of questions from elsewhere."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from amana.exchange.learning.qti.reading import LARGEST


class QuestionFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A package of QTI 3 (.zip) or one item (.xml), up to 20 MB."),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size and file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        return file

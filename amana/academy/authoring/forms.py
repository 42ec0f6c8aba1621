"""What is asked of the author of a course."""

from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.academy.courses import shipped_courses
from amana.academy.courses.engine import files as places
from amana.design.mechanism.labels import format_fault
from amana.ui.form_options import Files, FormOptions, Posted


class BeginForm(forms.Form):
    """A course that came along, a zip, or a new one."""

    title = forms.CharField(
        label=_("Title of a new course"), max_length=120, required=False
    )
    folder = forms.ChoiceField(
        label=_("Or a course supplied with Amana"), required=False
    )
    file = forms.FileField(
        label=_("Or a course as a ZIP file"),
        help_text=_("The zipped folder of a course, as you download it here."),
        required=False,
    )

    def __init__(self, data: Posted = None, files: Files = None) -> None:
        super().__init__(data, files)
        folders = [(name, name) for name in shipped_courses.map_folders()]
        self.fields["folder"].choices = [("", "—"), *folders]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        chosen = [name for name in ("title", "folder", "file") if said.get(name)]
        if len(chosen) != 1 and not self.errors:
            raise forms.ValidationError(_("Choose one of the three."))
        return said


class FileForm(forms.Form):
    """One file as text. Nothing of it is changed but the ends of lines."""

    text = forms.CharField(
        label=_("The file"),
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true", "dir": "auto"}),
        max_length=262_144,
        required=False,
        strip=False,
    )
    was = forms.CharField(widget=forms.HiddenInput, required=False)
    same = forms.BooleanField(
        label=_("This translation matches the current lesson."),
        required=False,
    )

    def __init__(
        self, data: Posted = None, *, translation: bool, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        if not translation:
            del self.fields["same"]

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


class NewForm(forms.Form):
    """A lesson, a translation of one, or any other file of a course."""

    path = forms.CharField(
        label=_("Path in the course"),
        help_text=_("For example modules/1-first/en/02-next.md; see the manual."),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("The file, if you have it"),
        help_text=_(
            "A drawing (SVG), a lesson or a list. Without a file, it starts empty."
        ),
        required=False,
    )

    def clean_path(self) -> str:
        path = str(self.cleaned_data["path"])
        if fault := places.check_file(path, 0):
            raise forms.ValidationError(format_fault(fault))
        return path

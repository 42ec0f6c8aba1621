"""A file of progress, as a stick or a device writes it."""

import json

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.academy.offline.actions import MOST

LARGEST = 1024 * 1024


class ProgressForm(forms.Form):
    file = forms.FileField(
        label=_("Progress file"),
        help_text=_("It is called progress.json."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self) -> list[tuple[str, list[object]]]:
        """Read, of each version, what was done in it."""
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST:
            raise forms.ValidationError(_("This file is too large."))
        try:
            match json.loads(sent.read()):
                case {"format": 1, "progress": [*parts]}:
                    progress = [(str(p["version"]), list(p["events"])) for p in parts]
                case _:
                    raise ValueError
        # `RecursionError`: a small file of brackets in brackets exhausts the parser.
        except (ValueError, KeyError, TypeError, RecursionError):
            raise forms.ValidationError(_("This is not a progress file.")) from None
        if sum(len(events) for _version, events in progress) > MOST * 10:
            raise forms.ValidationError(_("This file is too large."))
        return progress

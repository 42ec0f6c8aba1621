"""What is asked of who hands in, of who judges, and of who coordinates them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Unpack

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.academy.assessment.actions import MOST_FILES, CriterionMark
from amana.academy.assessment.citing import LONGEST, find_tests, has_citation
from amana.academy.assessment.models import MOST_WORDS, CertificateName, HandIn
from amana.academy.assessment.work_details import list_files
from amana.academy.courses.pages import ShownCriterionText
from amana.trust.access.models import User
from amana.trust.vault import files
from amana.ui.form_options import Files, FormOptions, Posted


class HandInForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Written work"),
        help_text=gettext_lazy("Write so that no one can be identified."),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=MOST_WORDS,
        required=False,
    )

    def __init__(
        self, data: Posted = None, sent: Files = None, **more: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, sent, **more)
        for number in range(1, MOST_FILES + 1):
            self.fields[f"file_{number}"] = forms.FileField(
                label=_("File %(number)s") % {"number": number},
                allow_empty_file=True,
                required=False,
                widget=forms.FileInput(attrs={"accept": files.ACCEPTED}),
            )

    @property
    def attached(self) -> Iterator[tuple[str, bytes]]:
        for number in range(1, MOST_FILES + 1):
            file = self.cleaned_data.get(f"file_{number}")
            if file:
                # One byte more than allowed shows that a file is too large, without
                # reading all of it.
                yield file.name, file.read(files.LARGEST + 1)


@dataclass(frozen=True)
class CriterionInputs:
    """What is asked of one criterion."""

    criterion: ShownCriterionText
    level: BoundField
    where: BoundField
    passage: BoundField


class MarkForm(forms.Form):
    """A level for each criterion and what decided it; what to do, where it fails."""

    def __init__(
        self,
        hand_in: HandIn,
        criteria: list[ShownCriterionText],
        data: Posted = None,
        *,
        again: bool = False,
    ) -> None:
        super().__init__(data)
        self.hand_in, self.criteria = hand_in, criteria
        places = list_places(hand_in)
        for at, criterion in enumerate(criteria):
            self.fields |= build_fields(at, criterion, places)
        self.fields["to_do"] = forms.CharField(
            label=_("What to do to pass"),
            help_text=_("Required if the work does not pass yet."),
            widget=forms.Textarea(attrs={"rows": 4}),
            max_length=4000,
            required=False,
        )
        if again:
            self.fields["reason"] = forms.CharField(
                label=_("Reason for your mark"),
                help_text=_("Both marks are kept, and the learner reads this."),
                widget=forms.Textarea(attrs={"rows": 3}),
                max_length=2000,
            )

    def asked(self) -> Iterator[CriterionInputs]:
        for at, criterion in enumerate(self.criteria):
            yield CriterionInputs(
                criterion,
                self[f"level_{at}"],
                self[f"where_{at}"],
                self[f"passage_{at}"],
            )

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        for at, verdict in enumerate(self.verdicts) if not self.errors else ():
            if not has_citation(self.hand_in, verdict.where, verdict.passage):
                self.add_error(f"passage_{at}", self.not_there(verdict.where))
        return said

    def not_there(self, where: str) -> str:
        if where == "text":
            return _("Copy a passage exactly as it appears in the text.")
        return _("Give the place in the file, such as the page, and what it shows.")

    @property
    def verdicts(self) -> list[CriterionMark]:
        said = self.cleaned_data
        return [
            CriterionMark(
                int(said[f"level_{at}"]),
                said[f"where_{at}"],
                said[f"passage_{at}"].strip(),
            )
            for at in range(len(self.criteria))
        ]


type Places = list[tuple[str, str]]


def list_places(hand_in: HandIn) -> Places:
    """List where what decided a verdict may be."""
    found: Places = [("text", _("The text"))] if hand_in.words else []
    found += [
        (f"file:{file.pk}", name) for file, name in list_files(hand_in, own=False)
    ]
    test = find_tests(hand_in).order_by("received_at").last()
    if test:
        found.append((f"event:{test.pk}", _("The test of this module")))
    return found


def build_fields(
    at: int, one: ShownCriterionText, places: Places
) -> dict[str, forms.Field]:
    levels = [(str(nth), text) for nth, (_code, text) in enumerate(one.levels)]
    return {
        f"level_{at}": forms.ChoiceField(
            label=_("Level reached"), choices=levels, widget=forms.RadioSelect
        ),
        f"where_{at}": forms.ChoiceField(label=_("Based on"), choices=places),
        f"passage_{at}": forms.CharField(
            label=_("Passage that shows it"),
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=LONGEST,
            required=False,
        ),
    }


class AppealForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What was overlooked"),
        help_text=gettext_lazy("Another person marks the work again, and reads this."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )


class CertificateNameForm(forms.Form):
    shown = forms.ChoiceField(
        label=gettext_lazy("Name on your certificates"),
        choices=CertificateName.Shown,
        widget=forms.RadioSelect,
    )
    pseudonym = forms.CharField(
        label=gettext_lazy("Pseudonym"),
        help_text=gettext_lazy("Only if you chose a pseudonym."),
        max_length=80,
        required=False,
    )

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if said.get("shown") == CertificateName.Shown.PSEUDONYM and not said.get(
            "pseudonym"
        ):
            self.add_error(
                "pseudonym", _("Enter the pseudonym, or choose another answer.")
            )
        return said


class AssessorForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Their e-mail address"),
        help_text=gettext_lazy("The address with which they sign in here."),
    )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        self.user = User.objects.filter(email=email, is_active=True).first()
        if self.user is None:
            raise forms.ValidationError(_("No active account here has this address."))
        return email

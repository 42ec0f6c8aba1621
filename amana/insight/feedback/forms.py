"""What is asked: of people, a few questions at a time; of those who work with it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.insight.feedback.actions.answering import LONGEST
from amana.insight.feedback.models import (
    ComplaintKind,
    ComplaintOutcome,
    DeskDuty,
    ReviewVerdict,
    SlipOffer,
)
from amana.insight.feedback.questions import FeedbackAnswer, SlipMoment, get_questions
from amana.insight.feedback.themes import Theme
from amana.trust.access.models import Organisation, Team
from amana.ui.form_options import Label, Posted

PREFIX = "q-"
NO_ANSWER = ("", _("No answer"))


def read_words(data: Mapping[str, object]) -> str:
    # Cut and not refused: what a person dared to write must not be lost to a limit.
    return str(data.get("words", ""))[:LONGEST]


def build_text_area(
    label: Label, hint: Label = "", *, rows: int = 5
) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(
        label=label, help_text=hint, widget=area, max_length=LONGEST, required=False
    )


class CodeForm(forms.Form):
    slip = forms.CharField(
        label=_("The code on your slip"),
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        max_length=40,
    )


class QuestionsForm(forms.Form):
    """Some of the questions; none of them need be answered."""

    def __init__(self, moment: str, some: Iterable[str], data: Posted = None) -> None:
        super().__init__(data)
        asked = get_questions(moment)
        for code in some:
            self.fields[PREFIX + code] = forms.ChoiceField(
                label=str(asked[code]),
                choices=[*FeedbackAnswer.choices, NO_ANSWER],
                initial="",
                required=False,
                widget=forms.RadioSelect,
            )


class WordsForm(forms.Form):
    words = build_text_area(
        _("What should be changed? What was good?"),
        _("In any language. Leave out names, yours too."),
    )


class ComplaintForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=ComplaintKind.choices,
        widget=forms.RadioSelect,
    )
    about = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Which organisation is it about?"),
        empty_label=_("I do not know, or I prefer not to answer"),
        required=False,
    )
    words = build_text_area(
        _("What happened?"),
        _("In any language. You do not have to give your name."),
    )
    words.required = True

    def __init__(
        self, organisations: QuerySet[Organisation], data: Posted = None
    ) -> None:
        super().__init__(data)
        self.fields["about"].queryset = organisations  # type: ignore[attr-defined]


class StateForm(forms.Form):
    slip = forms.CharField(
        label=_("The code of your complaint"),
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        max_length=50,
    )


class AgainForm(forms.Form):
    words = build_text_area(
        _("What is wrong with the answer?"),
        _("In any language. You do not have to describe again what happened."),
    )
    words.required = True


# --- those who work with it


class SlipsForm(forms.Form):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Help given by"), empty_label=None
    )
    moment = forms.ChoiceField(
        label=_("What the slips ask about"), choices=SlipMoment.choices
    )
    sheets = forms.TypedChoiceField(
        label=_("How many sheets"),
        help_text=_("There are 12 slips on a sheet."),
        choices=[(n, n) for n in (1, 2, 3, 5)],
        coerce=int,
    )

    def __init__(
        self, organisations: QuerySet[Organisation], data: Posted = None
    ) -> None:
        super().__init__(data)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]


class KioskForm(forms.Form):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Help given by"), empty_label=None
    )

    def __init__(
        self, organisations: QuerySet[Organisation], data: Posted = None
    ) -> None:
        super().__init__(data)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]


class DeskForm(forms.Form):
    team = forms.ModelChoiceField(
        Team.objects.select_related("organisation").order_by(
            "organisation__name", "name"
        ),
        label=_("Team"),
        empty_label=None,
    )
    duty = forms.ChoiceField(
        label=_("What it does"), choices=DeskDuty.choices, widget=forms.RadioSelect
    )

    def __init__(self, data: Posted = None) -> None:
        super().__init__(data)
        team = self.fields["team"]
        team.label_from_instance = lambda one: f"{one.organisation} · {one}"  # type: ignore[attr-defined]


class OfferForm(forms.Form):
    result = forms.ChoiceField(
        label=_("What happened with the slip?"),
        choices=SlipOffer.Result.choices,
        widget=forms.RadioSelect,
    )


class ThemesForm(forms.Form):
    themes = forms.MultipleChoiceField(
        label=_("What is it about?"),
        choices=Theme.choices,
        widget=forms.CheckboxSelectMultiple,
    )


def add_languages(form: forms.Form, name: str, label: object) -> None:
    """Add one field for each language of the pages: written, not translated."""
    for code, language in settings.LANGUAGES:
        area = forms.Textarea(attrs={"rows": 3, "lang": code, "dir": "auto"})
        form.fields[f"{name}_{code}"] = forms.CharField(
            label=f"{label} ({language})", widget=area, max_length=1000, required=False
        )


def group_by_language(form: forms.Form, name: str) -> dict[str, str]:
    said = form.cleaned_data
    return {code: said[f"{name}_{code}"] for code, _language in settings.LANGUAGES}


class ChangeForm(forms.Form):
    theme = forms.ChoiceField(label=_("Theme"))

    def __init__(self, heard: Iterable[Theme], data: Posted = None) -> None:
        super().__init__(data)
        offered = [(theme.value, theme.label) for theme in heard]
        self.fields["theme"].choices = offered  # type: ignore[attr-defined]
        add_languages(self, "said", _("You said"))
        add_languages(self, "did", _("We did"))
        codes = [code for code, _language in settings.LANGUAGES]
        self.order_fields(
            ["theme", *(f"{part}_{code}" for code in codes for part in ("said", "did"))]
        )


class AnswerForm(forms.Form):
    """A message to who complained; with an outcome it is the final answer."""

    words = build_text_area(
        _("Your message to the person"),
        _("The person reads it with the code. Write plainly, and use no names."),
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("", _("No decision yet: we continue")), *ComplaintOutcome.choices],
        required=False,
    )


class VerdictForm(forms.Form):
    """A message to who asked for a review; with a verdict it is the final answer."""

    words = build_text_area(
        _("Your message to the person"),
        _("The person reads it with the code. Write plainly, and use no names."),
    )
    words.required = True
    verdict = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("", _("No decision yet: we continue")), *ReviewVerdict.choices],
        required=False,
    )


class AdviceForm(forms.Form):
    to = forms.ModelChoiceField(
        Organisation.objects.admitted().order_by("name"),
        label=_("Addressed to"),
        empty_label=None,
    )
    due_on = forms.DateField(
        label=_("Answer by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Posted = None) -> None:
        super().__init__(data)
        add_languages(self, "says", _("What the council recommends"))
        self.fields["due_on"].widget.attrs["min"] = timezone.localdate().isoformat()


class AdviceAnswerForm(forms.Form):
    adopted = forms.TypedChoiceField(
        label=_("Your answer"),
        choices=[("1", _("We adopt it")), ("", _("We do not adopt it"))],
        coerce=bool,
        required=False,
        initial="1",
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Posted = None) -> None:
        super().__init__(data)
        add_languages(self, "answer", _("How it is adopted, or why not"))


class PartnerForm(forms.Form):
    """A few short questions about the other side of a referral."""

    def __init__(self, asked: Mapping[str, Any], data: Posted = None) -> None:
        super().__init__(data)
        for code, label in asked.items():
            self.fields[PREFIX + code] = forms.ChoiceField(
                label=label,
                choices=[*FeedbackAnswer.choices, NO_ANSWER],
                required=False,
                widget=forms.RadioSelect,
            )


def read_answers(data: Mapping[str, object], codes: Iterable[str]) -> dict[str, str]:
    """Read what was answered to each question, where anything was."""
    found = {str(code): str(data.get(PREFIX + code, "")) for code in codes}
    return {code: said for code, said in found.items() if said in FeedbackAnswer.values}

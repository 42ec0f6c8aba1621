"""The questions as a form: each a list of answers, and none required."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.care.outcomes.questions import (
    MOST,
    AskedQuestion,
    NoAnswerReason,
    OutcomeGroup,
)
from amana.trust.vault.compartments import Compartment
from amana.ui.form_options import Posted

NOT_SAID = _("Not stated")
UNSEEN = _("Earlier answers are not shown to your role. A new answer replaces them.")


class OutcomesForm(forms.Form):
    """The outcomes. Of parts that the reader may not read, only new answers.

    It carries what it showed: only what was changed on this page is passed on, so an
    older page undoes nothing that a colleague has recorded meanwhile."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        asked: Iterable[AskedQuestion],
        data: Posted = None,
        *,
        now: Mapping[str, str],
        reads: Collection[Compartment],
    ) -> None:
        super().__init__(data, initial={**now, "shown": json.dumps(dict(now))})
        self.asked = {item.key: item for item in asked}
        self.reads = reads
        for key, item in self.asked.items():
            self.fields[key] = self.input_for(item)

    def input_for(self, one: AskedQuestion) -> forms.Field:
        hints = [one.question.hint, "" if self.is_read(one) else UNSEEN]
        hint = " ".join(str(said) for said in hints if said)
        told: dict[str, Any] = {"label": one.text, "help_text": hint, "required": False}
        if not one.question.answers:
            return forms.IntegerField(min_value=0, max_value=MOST, **told)
        choices = [("", NOT_SAID), *one.question.answers, *NoAnswerReason.choices]
        return forms.ChoiceField(choices=choices, **told)

    def is_read(self, one: AskedQuestion) -> bool:
        return one.question.part in self.reads

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        found: dict[OutcomeGroup, list[forms.BoundField]] = {
            group: [] for group in OutcomeGroup
        }
        for key, item in self.asked.items():
            found[item.question.group].append(self[key])
        return [(str(group.label), fields) for group, fields in found.items() if fields]

    @property
    def answers(self) -> dict[str, str]:
        """By key, what is not as it was shown. An empty answer to what one does not
        read deletes nothing."""
        stood = self.stood
        said = {key: self.cleaned_data[key] for key in self.asked}
        told = {
            key: "" if answer is None else str(answer) for key, answer in said.items()
        }
        return {
            key: answer for key, answer in told.items() if answer != stood.get(key, "")
        }

    @property
    def stood(self) -> dict[str, str]:
        """By key, what was shown of all that one reads; "" where nothing was."""
        shown = read_shown(self.cleaned_data["shown"])
        seen = [key for key, item in self.asked.items() if self.is_read(item)]
        return {key: str(shown.get(key, "")) for key in seen}


def read_shown(shown: str) -> dict[str, object]:
    """Read what the page says that it showed; nothing where it doesn't."""
    try:
        found = json.loads(shown)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

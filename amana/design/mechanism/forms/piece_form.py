"""A form for a piece."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import override

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from amana.design.mechanism import outline as outlines
from amana.design.mechanism.forms.inputs import CODE, Words
from amana.design.mechanism.forms.piece_questions import PieceInput, UnclearAnswer
from amana.design.mechanism.outline import Outline
from amana.ui.form_options import Posted


@dataclass(frozen=True)
class InputGroup:
    legend: Words
    hint: Words
    fields: list[forms.BoundField]


class PieceForm(forms.Form):
    """Questions about one piece. `seen` carries what stood there when it was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Posted,
        *,
        asks: Iterable[PieceInput],
        outline: Outline,
        now: object,
        whole: bool = False,
    ) -> None:
        """Build the form. `whole`: there is one question, and its answer is the
        piece."""
        self.asks = list(asks)
        self.outline = outline
        self.now = now
        self.whole = whole
        # Carried in the page, so that saving can compare what the editor saw with what
        # the draft holds by then.
        shown: dict[str, object] = {"seen": encode_piece(now)}
        for ask in self.asks:
            shown |= ask.shown(outline, self._of(ask))
        super().__init__(data, initial=shown)
        self.names: dict[str, list[str]] = {}
        for ask in self.asks:
            inputs = ask.inputs(outline, self._of(ask))
            self.fields.update(inputs)
            self.names[ask.name] = list(inputs)

    def _of(self, ask: PieceInput) -> object:
        return self.now if self.whole else outlines.read_map(self.now).get(ask.name)

    def groups(self) -> list[InputGroup]:
        return [
            InputGroup(
                ask.legend(),
                ask.hint if ask.legend() else "",
                [self[name] for name in self.names[ask.name]],
            )
            for ask in self.asks
        ]

    @override
    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        if not self.errors:
            self.piece = self._piece(cleaned)
        return cleaned

    def _piece(self, answers: Mapping[str, object]) -> object:
        said: dict[str, object] = {}
        for ask in self.asks:
            try:
                said[ask.name] = ask.said(answers, self.outline, self._of(ask))
            except UnclearAnswer as error:
                self.add_error(error.at, error.why)
            except ValidationError as error:
                self.add_error(self.names[ask.name][0], error)
        if self.whole:
            return said.get(self.asks[0].name)
        # Keys for which there is no question stay as they are in the file.
        kept = {**outlines.read_map(self.now), **said}
        return {key: value for key, value in kept.items() if value is not None}

    @staticmethod
    def told(data: Mapping[str, object], otherwise: object) -> object:
        """Read what the file held when the form was shown, as the form itself
        reports."""
        try:
            return json.loads(str(data.get("seen") or "null"))
        # The hidden field comes from a browser and may hold anything; then the present
        # state counts as what was seen.
        except ValueError:
            return otherwise


def encode_piece(piece: object) -> str:
    return json.dumps(piece, ensure_ascii=False, sort_keys=True, default=str)


def choose_code(words: object, taken: Iterable[str], otherwise: str) -> str:
    """Choose a code from a title that nothing else has yet."""
    # Codes are letters without accents: a title in Arabic alone gives none, so then the
    # kind of piece names it.
    title = outlines.choose_words("en", outlines.read_text(words))
    base = slugify(title).replace("-", "_")[:50].strip("_")
    if not CODE.fullmatch(base):
        base = otherwise
    known, number, code = set(taken), 2, base
    while code in known:
        code, number = f"{base}_{number}", number + 1
    return code

"""A question as a form: one field, or one for each place or left side.

What is typed becomes an answer as `engine.marking` takes it."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _

from amana.academy.courses.engine.course_content import Question, QuestionText
from amana.academy.courses.engine.marking import Given, parse_number, shuffle_by_seed

type Choices = list[tuple[str, str]]


class AnswerForm(forms.Form):
    """`seed` says in which order things are offered: the right one isn't always first;
    `initial` is an answer that was given before."""

    def __init__(
        self,
        question: Question,
        asked: QuestionText,
        *,
        seed: str,
        data: Mapping[str, object] | None = None,
        given: Given | None = None,
        must: bool = True,
        tested: bool = False,
    ) -> None:
        super().__init__(data, prefix=question.id)
        self.question, self.asked, self.seed = question, asked, seed
        self.must, self.tested = must, tested
        for name, field in FIELDS[question.kind](self).items():
            # A question of a test may be left out: what is not answered is simply not
            # right.
            field.required = must or data is None
            self.fields[name] = field
        if given is not None:
            self.initial = build_initial(question, given)

    def full_clean(self) -> None:
        """Clean the form, in which a question of a test may be left out, and show it as
        required."""
        super().full_clean()
        for field in self.fields.values():
            field.required = True

    @property
    def is_group(self) -> bool:
        """Whether several fields make one answer."""
        return self.question.kind in ("order", "match")

    def in_an_order(self, texts: list[str]) -> Choices:
        # The right one is not always first, and a page that is loaded again shows the
        # same order.
        places = shuffle_places(self.question, self.seed)
        # In a test by the place on the page: the one in the file is the same for all,
        # and a list of right places would be a list of answers.
        if self.tested:
            return [(str(shown), texts[at]) for shown, at in enumerate(places)]
        return [(str(at), texts[at]) for at in places]

    def clean(self) -> dict[str, object]:
        said: dict[str, object] = super().clean() or {}
        if self.is_group and not self.errors:
            chosen = [value for value in said.values() if value]
            if chosen and len(chosen) < len(self.fields):
                raise forms.ValidationError(_("Something is missing here."))
            if self.question.kind == "order" and len(set(chosen)) < len(chosen):
                raise forms.ValidationError(_("The same item is in two places here."))
        return said

    @property
    def given(self) -> Given | None:
        """None: left out."""
        said = [self.cleaned_data.get(name) for name in self.fields]
        if self.question.kind == "number":
            return str(said[0]).strip() if said[0] else None
        if self.question.kind == "many":
            chosen = sorted(map(int, said[0] or ())) or None
        else:
            chosen = [int(choice) for choice in said if choice] or None
        if chosen is None or not self.tested:
            return chosen
        return convert_places(self.question, self.seed, chosen)


def shuffle_places(question: Question, seed: str) -> list[int]:
    """Shuffle the places of options, or of right sides, into the order in which a page
    shows them."""
    places = map(str, range(question.count))
    return [int(at) for at in shuffle_by_seed(places, f"{seed} {question.id}")]


def convert_places(question: Question, seed: str, shown: list[int]) -> list[int]:
    """Map places on the page of a test to places in the file, in which answers are kept
    and marked. What is no place stays one that is none."""
    places = shuffle_places(question, seed)
    return [places[at] if at in range(len(places)) else -1 for at in shown]


def build_choice(form: AnswerForm) -> dict[str, forms.Field]:
    texts = [option.text for option in form.asked.options]
    return {
        "choice": forms.ChoiceField(
            label=form.asked.text,
            choices=form.in_an_order(texts),
            widget=forms.RadioSelect,
        )
    }


def build_multiple_choice(form: AnswerForm) -> dict[str, forms.Field]:
    texts = [option.text for option in form.asked.options]
    return {
        "choice": forms.MultipleChoiceField(
            label=form.asked.text,
            help_text=_("More than one may be right."),
            choices=form.in_an_order(texts),
            widget=forms.CheckboxSelectMultiple,
        )
    }


def build_order(form: AnswerForm) -> dict[str, forms.Field]:
    texts = [option.text for option in form.asked.options]
    choices = [("", "–"), *form.in_an_order(texts)]
    return {
        f"place_{at}": forms.ChoiceField(label=str(at + 1), choices=choices)
        for at in range(len(texts))
    }


def build_pairs(form: AnswerForm) -> dict[str, forms.Field]:
    rights = [right for _left, right in form.asked.pairs]
    choices = [("", "–"), *form.in_an_order(rights)]
    return {
        f"pair_{at}": forms.ChoiceField(label=left, choices=choices)
        for at, (left, _right) in enumerate(form.asked.pairs)
    }


class NumberField(forms.CharField):
    def validate(self, value: str) -> None:
        super().validate(value)
        if value and parse_number(value) is None:
            raise forms.ValidationError(_("Enter a number here."))


def build_number(form: AnswerForm) -> dict[str, forms.Field]:
    return {
        "number": NumberField(
            label=form.asked.text,
            help_text=form.asked.unit,
            max_length=20,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )
    }


FIELDS = {
    "one": build_choice,
    "decide": build_choice,
    "many": build_multiple_choice,
    "order": build_order,
    "match": build_pairs,
    "number": build_number,
}


def build_initial(question: Question, given: Given) -> dict[str, object]:
    if isinstance(given, str):
        return {"number": given}
    if question.kind == "many":
        return {"choice": [str(at) for at in given]}
    if question.kind in ("order", "match"):
        name = "place" if question.kind == "order" else "pair"
        return {f"{name}_{at}": str(chosen) for at, chosen in enumerate(given)}
    return {"choice": str(given[0])}

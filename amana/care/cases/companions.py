"""Who comes along with a person: ages, sexes and relations, so that a family is one
request.

A record holds a list of `{"age": "4", "sex": "female", "relation": "child"}`, of which
each part may be empty; or `ALONE`, where the answer was that they come alone.
Nothing at all means that the question was not asked.
"""

from dataclasses import dataclass
from typing import Any, Self, override

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from amana.ui.labels import format_list
from amana.ui.typed import parse_small_int

ALONE = "alone"
MOST = 12
OLDEST = 120
FREE_ROWS = 2
"""So many empty rows are shown; the others open with a tap."""


class Relation(models.TextChoices):
    """What a companion is to the person."""

    CHILD = "child", _("Their child")
    PARTNER = "partner", _("Partner")
    PARENT = "parent", _("Parent")
    SIBLING = "sibling", _("Brother or sister")
    RELATIVE = "relative", _("Another relative")
    OTHER = "other", _("Not related")


class CompanionSex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Another gender")


WORDS = {
    ("child", "female"): lambda: pgettext("companion", "Girl"),
    ("child", "male"): lambda: pgettext("companion", "Boy"),
    ("child", ""): lambda: pgettext("companion", "Child"),
    ("adult", "female"): lambda: pgettext("companion", "Woman"),
    ("adult", "male"): lambda: pgettext("companion", "Man"),
    ("adult", ""): lambda: pgettext("companion", "Adult"),
}


@dataclass(frozen=True)
class Companion:
    """One who comes along. `age` is None, the others empty, where it is not known."""

    age: int | None = None
    sex: str = ""
    relation: str = ""

    @classmethod
    def read(cls, written: object) -> Self:
        known = written if isinstance(written, dict) else {}
        return cls(
            age=parse_small_int(str(known.get("age", ""))),
            sex=str(known.get("sex") or ""),
            relation=str(known.get("relation") or ""),
        )

    @property
    def is_child(self) -> bool:
        """Without an age, their child counts as a child."""
        if self.age is None:
            return self.relation in (Relation.CHILD, "")
        return self.age < 18

    @property
    def stage(self) -> str:
        """Girl, boy or child; woman, man or adult."""
        stage = "child" if self.is_child else "adult"
        sex = self.sex if (stage, self.sex) in WORDS else ""
        return WORDS[stage, sex]()

    @property
    def words(self) -> str:
        """Such as "Girl 4", or "Woman 61 (Parent)"."""
        word = self.stage
        if self.age is not None:
            word = gettext("%(who)s %(age)s") % {"who": word, "age": self.age}
        if self.relation in ("", Relation.CHILD) or self.relation not in Relation:
            return word
        relation = Relation(self.relation).label
        return gettext("%(who)s (%(relation)s)") % {"who": word, "relation": relation}


def read_companions(written: object) -> tuple[Companion, ...] | None:
    """Read who comes along: empty when they come alone, None when not known."""
    if written == ALONE:
        return ()
    if not isinstance(written, list | tuple) or not written:
        return None
    return tuple(map(Companion.read, written))


def format_companions(written: object) -> str:
    """Format for display: "Girl 4, Boy 7"; empty where the question was not asked."""
    found = read_companions(written)
    if found is None:
        return ""
    return format_list(companion.words for companion in found) or gettext("Comes alone")


def count_children(found: tuple[Companion, ...] | None) -> int | None:
    return None if found is None else sum(companion.is_child for companion in found)


def count_adults(found: tuple[Companion, ...] | None) -> int:
    return sum(not companion.is_child for companion in found or ())


# --- filling it in


class CompanionRows(forms.Widget):
    """A row for each, a few empty ones, and more behind a tap, without a script."""

    template_name = "cases/widgets/companions.html"
    use_fieldset = True

    @override
    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_0" if id_ else ""

    @override
    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_age" not in data

    @override
    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        rows = [
            {"age": age.strip(), "sex": sex, "relation": relation}
            for age, sex, relation in zip(
                read_column(data, f"{name}_age"),
                read_column(data, f"{name}_sex"),
                read_column(data, f"{name}_relation"),
                strict=False,
            )
        ]
        filled = [row for row in rows if any(row.values())]
        if not filled and data.get(f"{name}_alone"):
            return ALONE
        return filled

    @override
    def format_value(self, value: object) -> object:
        return value

    @override
    def get_context(
        self, name: str, value: object, attrs: dict[str, object] | None
    ) -> dict[str, object]:
        context = super().get_context(name, value, attrs)
        rows = list(value) if isinstance(value, list | tuple) else []
        shown = min(len(rows) + FREE_ROWS, MOST)
        rows += [{}] * (MOST - len(rows))
        return context | {
            "shown": rows[:shown],
            "more": rows[shown:],
            "first_of_more": shown,
            "alone": value == ALONE,
            "sexes": CompanionSex.choices,
            "relations": Relation.choices,
        }


def read_column(data: Any, name: str) -> list[str]:
    """Read the values of all rows, in their order, `MOST` at the most."""
    if hasattr(data, "getlist"):
        return [str(value) for value in data.getlist(name)][:MOST]
    value = data.get(name, [])
    return [str(cell) for cell in (value if isinstance(value, list) else [value])][
        :MOST
    ]


class CompanionsField(forms.Field):
    """Who comes along, as a record holds it."""

    widget = CompanionRows

    @override
    def clean(self, value: Any) -> Any:
        if value == ALONE:
            return ALONE
        return [self.cleaned_row(row) for row in value or []]

    def cleaned_row(self, row: dict[str, str]) -> dict[str, str]:
        age = parse_small_int(row["age"]) if row["age"] else 0
        if age is None or age > OLDEST:
            raise ValidationError(_("Enter the age in whole years; 0 for a baby."))
        if row["sex"] not in ("", *CompanionSex) or row["relation"] not in (
            "",
            *Relation,
        ):
            raise ValidationError(_("Choose from the lists."))
        return row | {"age": str(age) if row["age"] else ""}

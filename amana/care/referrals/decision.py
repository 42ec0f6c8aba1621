"""What a recipient needs in order to decide, out of what was shared, in the order in
which a shelter asks: who, where, with whom, in what language, with which needs, and how
to reach them. What remains of what was shared follows below, so nothing is left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from amana.care.cases.companions import Companion, Relation
from amana.care.cases.fields import FIELDS, ContactChannel, YesNo
from amana.care.referrals.referral_messages import LINES, MessageKind, OpenedMessage
from amana.telephones import format_dialled
from amana.ui.labels import format_list
from amana.ui.typed import parse_small_int

ADULT = 18
PERSON = (
    "identity.name",
    "identity.age",
    "identity.child",
    "identity.sex",
)
SPECIAL = ("needs.disability", "health.pregnancy", "health.summary", "health.medicines")
CONTACT = (
    "contact.channel",
    "contact.number",
    "contact.hours",
    "contact.who",
    "contact.code_word",
    "contact.never",
)
ABOVE = frozenset(
    {
        *PERSON,
        *SPECIAL,
        *CONTACT,
        "needs.words",
        "needs.area",
        "needs.companions",
        "needs.interpreter",
        "needs.safety",
        "identity.languages",
    }
)
"""What the decision shows; every other field that was shared stands below it."""


@dataclass(frozen=True)
class SafeContact:
    """How to reach the person without danger; empty where it was not said."""

    channel: str
    """In words."""
    number: str
    may_be_called: bool
    hours: str
    who: str
    code_word: str
    never: str

    @property
    def is_telephone(self) -> bool:
        """A number, and not an address."""
        return bool(format_dialled(self.number))

    @property
    def is_known(self) -> bool:
        return bool(self.channel or self.number)


@dataclass(frozen=True)
class DecisionScreen:
    """One screen. An empty part was not shared, or not asked."""

    words: str
    """What the person needs, in their own words."""
    person: str
    """Name, age and sex in one line."""
    perhaps_child: bool
    where: str
    brought_by: str
    companions: str
    languages: str
    interpreter: str
    special: tuple[str, ...]
    safety: str
    contact: SafeContact
    conditions: tuple[str, ...]
    """What the person asks of those who help."""
    others: tuple[tuple[object, str], ...]
    """Every other field that was shared: its label, and what stands in it."""


def build_decision(
    content: Mapping[str, object], received: Iterable[OpenedMessage]
) -> DecisionScreen:
    """Sort what was shared in the order of a decision, with the letters that came
    along."""
    letters = list(received)

    def words(key: str) -> str:
        return FIELDS[key].said(content.get(key)) if key in FIELDS else ""

    return DecisionScreen(
        words=words("needs.words"),
        person=format_person(content),
        perhaps_child=is_perhaps_child(content),
        where=words("needs.area"),
        brought_by=find_escort(letters),
        companions=words("needs.companions"),
        languages=words("identity.languages"),
        interpreter=words("needs.interpreter"),
        special=tuple(iterate_special_needs(content)),
        safety=words("needs.safety"),
        contact=SafeContact(
            channel=words("contact.channel"),
            number=words("contact.number"),
            may_be_called=content.get("contact.channel") == ContactChannel.CALL,
            hours=words("contact.hours"),
            who=words("contact.who"),
            code_word=words("contact.code_word"),
            never=words("contact.never"),
        ),
        conditions=tuple(
            letter.text for letter in letters if letter.kind == MessageKind.CONDITIONS
        ),
        others=tuple(iterate_other_fields(content)),
    )


def format_person(content: Mapping[str, object]) -> str:
    """Format who the person is, such as "Hope, Woman 24": as short as a decision needs
    it."""
    name, sex = content.get("identity.name"), str(content.get("identity.sex") or "")
    age, child = (
        parse_small_int(str(content.get("identity.age") or "")),
        get_child_answer(content),
    )
    if age is not None:
        about = Companion(age, sex).words
    elif child in (YesNo.YES, YesNo.NO):
        relation = Relation.CHILD if child == YesNo.YES else Relation.OTHER
        about = Companion(None, sex, relation).stage
    else:
        about = FIELDS["identity.sex"].said(sex)
    return format_list(part for part in (name, about) if part)


def get_child_answer(content: Mapping[str, object]) -> str:
    return str(content.get("identity.child") or "")


def is_perhaps_child(content: Mapping[str, object]) -> bool:
    """Check whether the person may be under 18, where the age alone doesn't show it."""
    age = parse_small_int(str(content.get("identity.age") or ""))
    if get_child_answer(content) == YesNo.YES:
        # An adult's age contradicts this answer: the page warns, and leaves it to the
        # reader.
        return age is not None and age >= ADULT
    return get_child_answer(content) == YesNo.UNSURE


def iterate_special_needs(content: Mapping[str, object]) -> Iterable[str]:
    for key in SPECIAL:
        value = content.get(key)
        if key == "health.pregnancy":
            if value == YesNo.YES:
                yield pgettext("of a person", "Pregnant")
            elif value == YesNo.UNSURE:
                yield _("May be pregnant")
            elif value == YesNo.NO:
                yield _("Not pregnant")
        elif words := FIELDS[key].said(value):
            yield words


def iterate_other_fields(content: Mapping[str, object]) -> Iterable[tuple[object, str]]:
    for key, field in FIELDS.items():
        if key in content and key not in ABOVE:
            yield field.label, field.said(content[key])


def find_escort(letters: Iterable[OpenedMessage]) -> str:
    """Find who comes along on the way, as the sender arranged it."""
    for letter in letters:
        for label, value in letter.lines:
            if letter.kind == MessageKind.HANDOVER and label is LINES["who"]:
                return str(value)
    return ""

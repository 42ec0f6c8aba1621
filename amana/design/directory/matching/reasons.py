"""The words of an answer: reasons against, advantages, drawbacks."""

from enum import StrEnum, auto


class MatchRule(StrEnum):
    """A rule. Against a service it excludes; as a question it would decide.

    Their order is the order of the bits, and of what people read: what the service
    asks of a person first, then what it can do now, then what keeps her safe.
    """

    SEX = auto()
    AGE = auto()
    NATIONALITY = auto()
    STATUS = auto()
    EXPLOITATION = auto()
    GROUP = auto()
    NOT_FOR = auto()
    CHILDREN = auto()
    ACCESS = auto()
    DOCUMENTS = auto()
    POLICE = auto()
    IDENTIFIED = auto()
    COST = auto()
    LANGUAGE = auto()
    CLOSED = auto()
    FULL = auto()
    NO_REFERRALS = auto()
    PAUSED = auto()
    FUNDING = auto()
    OUTDATED = auto()
    OUT_OF_AREA = auto()
    TOO_FAR = auto()
    EXCLUDED_AREA = auto()
    EXCLUDED_ORGANISATION = auto()
    EXCLUDED_SERVICE = auto()
    WISH = auto()

    @property
    def bit(self) -> int:
        return 1 << ORDER[self]


ORDER = {reason: place for place, reason in enumerate(MatchRule)}

NEVER = frozenset(
    {
        MatchRule.EXCLUDED_AREA,
        MatchRule.EXCLUDED_ORGANISATION,
        MatchRule.EXCLUDED_SERVICE,
        MatchRule.WISH,
    }
)
"""Safety, and a person's own no: never offered as something to give way on."""


class Respondent(StrEnum):
    """Who can answer a question."""

    PERSON = auto()
    SERVICE = auto()


ASKED_OF_SERVICE = frozenset(
    {
        MatchRule.LANGUAGE,
        MatchRule.CLOSED,
        MatchRule.FULL,
        MatchRule.TOO_FAR,
        MatchRule.EXCLUDED_AREA,
    }
)


class MatchBenefit(StrEnum):
    """An advantage of a service."""

    MEETS_ALL = auto()
    NEAR = auto()
    COMES_TO_YOU = auto()
    SPEAKS = auto()
    FREE_PLACES = auto()
    NO_PLACES_COUNTED = auto()
    ANSWERS_IN_TIME = auto()
    NO_WAIT = auto()
    AS_WISHED = auto()


class MatchDrawback(StrEnum):
    """A drawback: shown next to the advantages, so that a person can weigh them."""

    MEETS_SOME = auto()
    FAR = auto()
    INTERPRETER = auto()
    ANSWERS_LATE = auto()
    WAIT = auto()
    WAITING_LIST = auto()
    OWN_ASSESSMENT = auto()
    GO_YOURSELF = auto()
    ENDS_SOON = auto()
    NOT_VERIFIED = auto()


def list_reasons(bits: int) -> tuple[MatchRule, ...]:
    return tuple(reason for reason in MatchRule if bits & reason.bit)


def combine_bits(reasons: frozenset[MatchRule]) -> int:
    return sum(reason.bit for reason in reasons)

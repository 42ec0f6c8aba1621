"""What the check of a table found, in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.errors import Refused
from amana.insight.disclosure.engine.table_checks import (
    CheckOutcome,
    Reason,
    TableVerdict,
    Why,
    check_tables,
)
from amana.insight.disclosure.engine.table_files import (
    MOST_BYTES,
    MOST_ROWS,
    TooLarge,
    Unreadable,
)
from amana.insight.measure import country

OUTCOMES: dict[CheckOutcome, tuple[str | Promise, str]] = {
    CheckOutcome.PASS: (lazy("PASS"), "good"),
    CheckOutcome.FAIL: (lazy("FAIL"), "late"),
    CheckOutcome.NOT_APPLICABLE: (lazy("NOT APPLICABLE"), "plain"),
}
"""The word and its tone."""


@dataclass(frozen=True)
class VerdictText:
    number: int
    word: str
    tone: str
    reasons: list[str]
    about: str

    @property
    def failed(self) -> bool:
        return self.tone == OUTCOMES[CheckOutcome.FAIL][1]


def list_verdicts(chunks: Iterable[bytes]) -> list[VerdictText]:
    """List the verdict on each table. Raises `Refused` for a file that is too large or
    unreadable."""
    smallest = country.get_smallest_group()
    try:
        found = list(check_tables(chunks, k=smallest))
    except TooLarge as error:
        raise Refused(
            _(
                "This file is larger than %(n)s million bytes. No table of counts is "
                "so large."
            )
            % {"n": MOST_BYTES // 1_000_000}
        ) from error
    except Unreadable as error:
        raise Refused(_("This file can’t be read as a table.")) from error
    return [format_verdict(n, verdict, smallest) for n, verdict in enumerate(found, 1)]


def format_verdict(number: int, one: TableVerdict, smallest: int) -> VerdictText:
    word, tone = OUTCOMES[one.outcome]
    about = _("From line %(line)s of the file; rows: %(rows)s, counts: %(counts)s.") % {
        "line": one.line,
        "rows": one.rows,
        "counts": one.counts,
    }
    reasons = list(format_reasons(one.reasons, smallest))
    return VerdictText(number, str(word), tone, reasons, about)


def format_reasons(reasons: Iterable[Reason], smallest: int) -> Iterator[str]:
    for reason in reasons:
        yield get_sentence(reason) % {
            "row": reason.row,
            "column": reason.column,
            "count": reason.count,
            "smallest": smallest,
            "most": MOST_ROWS,
        }


def get_sentence(one: Reason) -> str:
    match one.why:
        case Why.SMALL:
            return _("Row %(row)s, “%(column)s”: %(count)s is fewer than %(smallest)s.")
        case Why.LEFT_OVER:
            return _(
                "Row %(row)s, “%(column)s”: the total gives away that about %(count)s "
                "are hidden. Hide one more figure, or the total."
            )
        case Why.SHARE:
            return _(
                "Row %(row)s, “%(column)s”: the share and its whole amount to about "
                "%(count)s people."
            )
        case Why.SAFE:
            return _(
                "No count is below %(smallest)s, and no total or share gives one "
                "away. Only a release also checks whether another table gives one "
                "away."
            )
        case Why.PEOPLE:
            return _(
                "This looks like one row for each person, and not like a table of "
                "counts. Such rows are never published."
            )
        case Why.SYNTHETIC:
            return _("This table is marked as synthetic: these people do not exist.")
        case Why.NOISED:
            return _(
                "This table is marked as having noise: its small numbers are not true."
            )
        case Why.NO_COUNTS:
            return _("It has no column of counts.")
        case Why.EMPTY:
            return _("It is empty.")
        case Why.TOO_LONG:
            return _("It has more than %(most)s rows. No table of counts has so many.")
        case Why.UNREADABLE:
            return _("Row %(row)s, “%(column)s”: this can’t be read as a number.")

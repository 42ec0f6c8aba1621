"""The answers, part by part: in the case's documents, or in a parcel for a team.

Each part holds the answers of its own questions and nothing of another part. `NEEDS`
also has what everyone who helps has to know, in codes: that care is needed, that the
person may be a child. A person's judgement of the result is in the account."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from amana.care.screening.models import Screening
from amana.errors import Changed
from amana.trust.access.models import Team, User
from amana.trust.vault import documents, parcels
from amana.trust.vault.compartments import Compartment

ANSWERS = "answers"
KNOWN = "known"
JUDGEMENTS = "judgements"

type Parts = dict[Compartment, dict[str, Any]]


@dataclass(frozen=True)
class ScreeningContent:
    """The parts that a person may read, in the clear for as long as the request."""

    parts: Mapping[Compartment, Mapping[str, Any]]
    revisions: Mapping[Compartment, int] = field(default_factory=dict)
    """Of those in a case, so that two people's changes never cross."""

    @property
    def answers(self) -> dict[str, str]:
        return {
            name: answer
            for part in self.parts.values()
            for name, answer in part.get(ANSWERS, {}).items()
        }

    @property
    def known(self) -> Mapping[str, Any]:
        known: Mapping[str, Any] = self.parts.get(Compartment.NEEDS, {}).get(KNOWN, {})
        return known

    @property
    def judgements(self) -> list[dict[str, Any]]:
        account = self.parts.get(Compartment.NARRATIVE, {})
        return list(account.get(JUDGEMENTS, []))


def build_parts(
    answers: Mapping[str, Mapping[str, str]],
    known: Mapping[str, Any],
    asked: Iterable[Compartment],
) -> Parts:
    """Build one part for every part that the form asks about, answered or not."""
    # Also the empty ones: from which parts exist, a person who may read none of them
    # would see on which subjects something was answered.
    parts: Parts = {
        part: {ANSWERS: dict(answers.get(part, {}))}
        for part in {*asked, Compartment.NEEDS}
    }
    parts[Compartment.NEEDS][KNOWN] = dict(known)
    return parts


def seal_answers(screening: Screening, parts: Parts, *, by: User) -> None:
    """Seal the answers for the first time; the caller records the act."""
    if screening.case_id:
        _write(screening, parts, by=by)
    else:
        team = screening.team
        parcels.seal(screening.pk, parts, to=team, sender=team, by=by)


def _write(screening: Screening, parts: Parts, *, by: User) -> None:
    assert screening.case_id
    for part, content in parts.items():
        documents.write(
            screening.case_id, part, content, by=by, name=screening.document
        )


def open_answers(
    screening: Screening, parts: Iterable[Compartment], *, by: User, purpose: str
) -> ScreeningContent:
    """Open what `by` may read of it, with an audit event."""
    if screening.case_id is None:
        return ScreeningContent(
            parcels.open_parcel(screening.pk, parts, by=by, purpose=purpose)
        )
    found = documents.open_documents(
        screening.case_id, parts, by=by, purpose=purpose, names=[screening.document]
    )
    return ScreeningContent(
        {part: document.content for (part, _name), document in found.items()},
        {part: document.revision for (part, _name), document in found.items()},
    )


def add_judgement(
    screening: Screening,
    sealed: ScreeningContent,
    judgement: Mapping[str, object],
    *,
    replacing: int,
    by: User,
) -> None:
    """Add a judgement to those before it, none of which is lost. `replacing` is how
    many there were when the person read the page. Raises `Changed` where there are more
    by now."""
    # Before anything is written: `sealed` was opened in this transaction, while the
    # page was read earlier.
    if len(sealed.judgements) != replacing:
        raise Changed(_("A colleague has reviewed this result since you opened it."))
    account = Compartment.NARRATIVE
    content = {
        **sealed.parts.get(account, {}),
        JUDGEMENTS: [*sealed.judgements, dict(judgement)],
    }
    if screening.case_id is None:
        parcels.rewrite(screening.pk, {account: content}, by=by)
        return
    documents.write(
        screening.case_id,
        account,
        content,
        by=by,
        name=screening.document,
        # The revision that was opened: of two people who judge at once the second is
        # refused.
        replacing=sealed.revisions.get(account, 0),
    )


def seal_to_team(
    screening: Screening, *, to: Team, sender: Team, by: User
) -> frozenset[Compartment]:
    """Seal it to another team, and end the access of the team before."""
    return parcels.pass_on(screening.pk, to=to, sender=sender, by=by)


def move_answers_to_case(screening: Screening, *, by: User) -> None:
    """Move the answers from the parcel into the documents of the case, which is set
    already."""
    found = parcels.open_parcel(screening.pk, by=by, purpose="screening")
    _write(screening, dict(found), by=by)
    # Last, in the same transaction: if writing fails, the parcel is still there.
    parcels.destroy(screening.pk)

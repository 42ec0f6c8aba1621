"""What must be true before a person is asked, or something is shared."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import need_kinds
from amana.care.cases.fields import FIELDS
from amana.care.cases.models.case_needs import Need
from amana.care.cases.models.case_record import Case
from amana.care.consent import (
    avoided,
    consent_questions,
    consent_text,
    guardianship,
    signed_consents,
)
from amana.care.consent.actions.consent_records import NOTHING_WRITTEN, SAY_IT
from amana.care.consent.consent_questions import ConsentFormContext
from amana.care.consent.consent_text import ConsentText
from amana.care.consent.models import LONGEST, Consent
from amana.care.consent.payload import ConsentPayload, build_beside
from amana.care.consent.purposes import WORDS, is_suitable
from amana.care.consent.values import has_value
from amana.errors import Refused
from amana.trust.access.models.organisations import Sphere, Team, User
from amana.trust.vault import disclosures, documents
from amana.trust.vault.compartments import CEILING, Compartment
from amana.trust.vault.documents.compartments_keys import RECORD


def open_consent_question(
    case: Case,
    recipients: Sequence[Team],
    *,
    purpose: Consent.Purpose,
    need: Need | None,
    by: User,
) -> ConsentFormContext:
    """Open what could be shared with these teams, if the person may be asked about
    them."""
    if not recipients or len({team.pk for team in recipients}) < len(recipients):
        raise Refused(_("Choose the teams to ask, each only once."))
    if (purpose == Consent.Purpose.REFERRAL) != (need is not None):
        raise Refused(_("Choose the need you are asking help for."))
    if need is not None and need.case_id != case.pk:
        raise Refused(_("Choose the need you are asking help for."))
    asked = consent_questions.open_question(
        case, recipients=recipients, purpose=purpose, need=need, by=by
    )
    require_askable_teams(asked)
    return asked


def build_heard_consent(
    asked: ConsentFormContext,
    *,
    fields: Collection[str],
    expires_at: datetime,
    language: str,
    given_by: Consent.GivenBy,
    understood: bool,
    why_alone: str,
    letters: Collection[str],
) -> tuple[ConsentText, ConsentPayload]:
    """Build what the person heard, if they may answer it; and what it was about."""
    for recipient in asked.recipients:
        _may_be_shared(fields, recipient, Consent.Purpose(asked.purpose))
    _ends_in_time(expires_at)
    if not understood:
        raise Refused(str(SAY_IT))
    by = Consent.GivenBy(given_by)
    guardianship.require(asked.identity, by, why_alone=why_alone)
    payload = asked.payload(fields, expires_at=expires_at, letters=letters)
    if not payload.fields:
        raise Refused(str(NOTHING_WRITTEN))
    return consent_text.build_wording(language, payload, child=asked.child), payload


def require_askable_teams(asked: ConsentFormContext) -> None:
    for recipient in asked.recipients:
        if recipient.pk == asked.case.team_id:
            raise Refused(_("You don’t need consent to share within your own team."))
        if recipient.organisation.admitted_at is None:
            raise Refused(
                _("This organisation has not been admitted to the mechanism.")
            )


def _may_be_shared(
    fields: Collection[str], recipient: Team, purpose: Consent.Purpose
) -> None:
    """Require what is within the ceiling of the recipient's sphere, which no one can
    raise."""
    sphere = Sphere(recipient.organisation.sphere)
    if not CEILING[sphere]:
        raise Refused(_("Nothing can be sent to border or immigration services."))
    if not fields:
        raise Refused(_("Choose at least one thing that may be shared."))
    if not all(field in FIELDS for field in fields):
        raise Refused(_("One of your choices is not part of a case."))
    if not all(disclosures.is_allowed(sphere, field) for field in fields):
        raise Refused(
            _(
                "Some of this information may never be sent to this kind of "
                "organisation."
            )
        )
    if not all(is_suitable(purpose, field) for field in fields):
        raise Refused(
            _("For figures, you can’t share anything that shows who a person is.")
        )


def _ends_in_time(expires_at: datetime) -> None:
    now = timezone.now()
    if expires_at <= now:
        raise Refused(_("Choose an end date in the future."))
    if expires_at > now + LONGEST:
        raise Refused(_("Consent lasts one year at most. After that, ask again."))


def open_consent_states(some: Sequence[Consent], *, by: User) -> "list[ConsentState]":
    """Open exactly the consented fields of each that have a value. Raises `Tampered`
    where anything differs from what was heard and signed."""
    givers = signed_consents.require_heard(some, by=by)
    known: dict[tuple[object, ...], ConsentState] = {}
    found = []
    for consent in some:
        # What was agreed alike is looked up once.
        alike = (*consent.fields, consent.need_id)
        if alike not in known:
            known[alike] = _as_it_stands(consent, by=by)
        now = known[alike]
        # Asked again, though it was asked when she agreed: that an organisation is to
        # be avoided, or that a guardian is under suspicion, may have become known only
        # since.
        consent_questions.require_in_bounds([consent.recipient], now.need)
        avoided.require_wanted(consent.recipient.organisation_id, now.to_avoid)
        _require_still_theirs(givers[consent.pk], now.identity)
        found.append(now)
    return found


def open_consent_state(consent: Consent, *, by: User) -> "ConsentState":
    [now] = open_consent_states([consent], by=by)
    return now


def _require_still_theirs(
    given_by: Consent.GivenBy, identity: Mapping[str, object]
) -> None:
    """Refuse where who answered could not answer for this person any more."""
    if why := guardianship.describe_obstacle(identity, given_by):
        raise Refused(
            _("%(why)s The earlier consent no longer applies. Ask again.")
            % {"why": why}
        )


@dataclass(frozen=True)
class ConsentState:
    """What a case holds now: of what was agreed, and of who may agree."""

    values: dict[str, Any]
    to_avoid: frozenset[int]
    identity: Mapping[str, object]
    need: Need | None
    """Which help is asked for, opened."""

    @property
    def beside(self) -> dict[str, str]:
        return build_beside(self.need)


def _as_it_stands(consent: Consent, *, by: User) -> ConsentState:
    """Open the consented fields that have a value, the organisations to avoid, and who
    the person is."""
    asked = [FIELDS[key] for key in consent.fields if key in FIELDS]
    # Who the person is decides who may agree, so it is read in any case.
    parts = {Compartment.IDENTITY, *(field.compartment for field in asked)}
    of_words = consent.need is not None or WORDS in consent.fields
    needs = (
        consent_questions.list_needs_asked(consent.case, consent.need)
        if of_words
        else []
    )
    if needs:
        parts.add(need_kinds.PART)
    opened = documents.open_documents(
        consent.case_id,
        parts,
        by=by,
        purpose="disclosure",
        names=[RECORD, avoided.NAME, *(need.document for need in needs)],
    )
    need_kinds.read(needs, opened)
    if consent.need is not None:
        need_kinds.require([consent.need])
    # Each reading is an event in the log: none of its own where the part is open
    # already.
    to_avoid = (
        avoided.get_organisations(opened)
        if avoided.SEALED_IN in parts
        else avoided.open_organisations(consent.case, by=by)
    )
    told = consent_questions.list_shareable_needs(needs, [consent.recipient])
    records = consent_questions.collect_records(opened, told)
    values = {f.key: records.get(f.compartment, {}).get(f.name) for f in asked}
    return ConsentState(
        values={key: value for key, value in values.items() if has_value(value)},
        to_avoid=to_avoid,
        identity=records.get(Compartment.IDENTITY, {}),
        need=consent.need,
    )

"""Record what another body signed of a certificate: one colleague brings its file, a
second one confirms that the key is the body’s. And sign such a file for others."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.academy.credentials import signing
from amana.academy.credentials.actions import convert_achievement, find_signing_key
from amana.academy.credentials.engine import endorsements
from amana.academy.credentials.engine.canonical import Json, parse_json
from amana.academy.credentials.engine.endorsements import EndorsementClaims
from amana.academy.credentials.engine.faults import (
    AlteredCertificate,
    CertificateFault,
    ForgedCertificate,
)
from amana.academy.credentials.engine.issuers import read_trusted
from amana.academy.credentials.engine.proofs import Keys, get_issuer
from amana.academy.credentials.models import (
    Achievement,
    Endorsement,
    EndorsementStatus,
)
from amana.academy.credentials.rules import (
    coordinate_certificates,
    end_endorsement,
    sign_endorsement,
    withdraw_endorsement,
)
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log
from amana.ui.harmless import remove_tricks

MOST = 4
"""Of one certificate, in force at once: it holds them all."""

# --- reading what was brought


def read_endorsement(
    achievement: Achievement, given: bytes, did_document: bytes
) -> tuple[Json, EndorsementClaims]:
    """Read a signed file, and check it with the keys that came with it. Raises
    `Refused` with what is wrong."""
    try:
        keys = read_keys(did_document)
        document, claims = endorsements.read_endorsement(given, keys)
        address = convert_achievement(achievement).address
        endorsements.require_subject(claims, address)
    except AlteredCertificate as fault:
        raise Refused(
            _("This is not what the body signed: something in it was changed.")
        ) from fault
    except endorsements.OtherSubject as fault:
        raise Refused(_("It endorses something else than this certificate.")) from fault
    except ForgedCertificate as fault:
        raise Refused(
            _("It is not signed with a key of the body that it names.")
        ) from fault
    except CertificateFault as fault:
        raise Refused(
            _("This can’t be read as an endorsement (Open Badges 3.0, JSON).")
        ) from fault
    return document, claims


def read_keys(did_document: bytes) -> Keys:
    """Read the keys of a body; none where its id is its key."""
    if not did_document:
        return {}
    return read_trusted(parse_json(did_document)).multikeys


# --- recording it


@transaction.atomic
def propose_endorsement(
    achievement: Achievement,
    given: bytes,
    did_document: bytes,
    *,
    compared: str,
    by: User,
) -> Endorsement:
    """Propose to record it; nothing shows it yet. Raises `Refused` for a file that the
    body did not sign, one that is over, and one that is known."""
    coordinate_certificates.require(by, achievement)
    document, claims = read_endorsement(achievement, given, did_document)
    # It would look like a second opinion, and is the first one again.
    if claims.issuer == signing.get_issuer():
        raise Refused(_("This is signed by this academy itself."))
    compared = remove_tricks(compared).strip()
    if not compared:
        raise Refused(_("Describe how you compared the key with the body’s."))
    if claims.valid_until and claims.valid_until <= timezone.now():
        raise Refused(_("This endorsement is over."))
    known = Endorsement.objects.filter(achievement=achievement, identifier=claims.id)
    if known.filter(status__in=["waiting", "recorded"], ended_at=None).exists():
        raise Refused(_("This endorsement is already recorded, or waits for it."))
    endorsement = Endorsement.objects.create(
        achievement=achievement,
        identifier=claims.id[:300],
        document=document,
        issuer=claims.issuer[:300],
        issuer_name=remove_tricks(claims.issuer_name)[:200],
        multikey=claims.multikey,
        comment=remove_tricks(claims.comment)[:2_000],
        valid_from=claims.valid_from,
        valid_until=claims.valid_until,
        compared=compared,
        proposed_by=by,
    )
    log.record("proposed endorsement", endorsement, by=by, achievement=achievement.pk)
    return endorsement


@transaction.atomic
def sign(endorsement: Endorsement, *, by: User) -> None:
    """Confirm it as the second person: new certificates hold it from now on."""
    sign_endorsement.require(by, endorsement)
    # Two who confirm at once would each find room for one more.
    Achievement.objects.select_for_update(no_key=True).get(
        pk=endorsement.achievement_id
    )
    there = Endorsement.objects.in_force(timezone.now())
    if there.filter(achievement=endorsement.achievement_id).count() >= MOST:
        raise Refused(_("This certificate has as many endorsements as it can hold."))
    decide(endorsement, EndorsementStatus.RECORDED, by=by)
    log.record("recorded endorsement", endorsement, by=by)


@transaction.atomic
def decline(endorsement: Endorsement, *, by: User) -> None:
    sign_endorsement.require(by, endorsement)
    decide(endorsement, EndorsementStatus.DECLINED, by=by)
    log.record("declined endorsement", endorsement, by=by)


@transaction.atomic
def withdraw(endorsement: Endorsement, *, by: User) -> None:
    withdraw_endorsement.require(by, endorsement)
    decide(endorsement, EndorsementStatus.WITHDRAWN, by=by)
    log.record("withdrew endorsement", endorsement, by=by)


@transaction.atomic
def end(endorsement: Endorsement, *, reason: Endorsement.EndReason, by: User) -> None:
    """End it: new certificates hold it no more, and pages name it as over."""
    end_endorsement.require(by, endorsement)
    standing = Endorsement.objects.recorded().filter(pk=endorsement.pk, ended_at=None)
    now = timezone.now()
    if not standing.update(ended_at=now, ended_by=by, end_reason=reason):
        raise Refused(_("This endorsement has already ended."))
    endorsement.refresh_from_db()
    log.record("ended endorsement", endorsement, by=by, reason=reason)


def decide(endorsement: Endorsement, status: EndorsementStatus, *, by: User) -> None:
    """Decide on it, unless a colleague has just done so."""
    waiting = Endorsement.objects.waiting().filter(pk=endorsement.pk)
    now = timezone.now()
    if not waiting.update(status=status, decided_by=by, decided_at=now):
        raise Refused(_("A colleague has just decided on this."))
    endorsement.refresh_from_db()


# --- signing one for others


@transaction.atomic
def sign_for_another(address: str, comment: str, *, until: datetime | None) -> Json:
    """Sign, with our key, that we endorse the certificate of another academy, by its
    address there."""
    key, pair = find_signing_key()
    now = timezone.now().replace(microsecond=0)
    document = endorsements.build_endorsement(
        id=f"urn:uuid:{uuid4()}",
        issuer=signing.get_issuer(),
        issuer_name=settings.ISSUER_NAME,
        subject=address,
        comment=comment,
        valid_from=signing.format_time(now),
        valid_until=signing.format_time(until) if until else "",
    )
    log.record("signed endorsement", key, by=None)
    return pair.sign(document, now)


# --- what pages show of it


@dataclass(frozen=True)
class ShownEndorsement:
    """What another body says of a certificate, and whether it still does."""

    issuer_name: str
    comment: str
    state: str | Promise
    tone: str
    valid_until: datetime | None
    in_force: bool


def show_endorsement(
    endorsement: Endorsement, now: datetime | None = None
) -> ShownEndorsement:
    state, tone = choose_state(endorsement, now or timezone.now())
    return ShownEndorsement(
        endorsement.issuer_name,
        endorsement.comment,
        state,
        tone,
        endorsement.valid_until,
        in_force=tone == "good",
    )


def choose_state(endorsement: Endorsement, now: datetime) -> tuple[str | Promise, str]:
    """Choose the word for where it stands, and its tone."""
    if endorsement.ended_at:
        revoked = endorsement.end_reason == Endorsement.EndReason.REVOKED
        return (REVOKED if revoked else ENDED), "late"
    if endorsement.valid_until and endorsement.valid_until <= now:
        return EXPIRED, "due"
    if endorsement.valid_from > now:
        return EARLY, "due"
    return IN_FORCE, "good"


IN_FORCE = gettext_lazy("In force")
EXPIRED = gettext_lazy("Expired")
REVOKED = gettext_lazy("Revoked by the body")
ENDED = gettext_lazy("Ended")
EARLY = gettext_lazy("Not in force yet")
FORGED = gettext_lazy("Not signed by this body")
UNKNOWN = gettext_lazy("Not recorded here")


def list_endorsements(codes: Collection[str]) -> list[ShownEndorsement]:
    """List what other bodies say of the newest versions of certificates, those in force
    first."""
    code = OuterRef("achievement__code")
    newest = Achievement.objects.filter(code=code).order_by("-version").values("pk")
    recorded = Endorsement.objects.recorded().filter(
        achievement__code__in=codes, achievement=Subquery(newest[:1])
    )
    shown = [show_endorsement(found) for found in recorded]
    return sorted(shown, key=lambda found: not found.in_force)


def check_embedded(documents: Collection[Json]) -> list[ShownEndorsement]:
    """Check the endorsements inside a certificate, each with the key of its body."""
    ids = [str(document.get("id", "")) for document in documents]
    # Of one that was recorded again after it ended, the later record counts.
    # With its body: two bodies may use one id.
    known = {
        (endorsement.identifier, endorsement.issuer): endorsement
        for endorsement in Endorsement.objects.recorded().filter(identifier__in=ids)
    }
    return [
        check_one(document, known.get((id, get_issuer(document))))
        for id, document in zip(ids, documents, strict=True)
    ]


def check_one(document: Json, known: Endorsement | None) -> ShownEndorsement:
    """Check one endorsement inside a certificate: whether its body signed it as it is,
    and whether it still stands."""
    issuer = document.get("issuer")
    named = issuer.get("name", "") if isinstance(issuer, dict) else issuer
    shown = ShownEndorsement(str(named), "", UNKNOWN, "due", None, in_force=False)
    if known is None:
        return shown
    method = f"{known.issuer}#{known.multikey}"
    proof = document.get("proof")
    named_method = proof.get("verificationMethod") if isinstance(proof, dict) else None
    # The key that two people compared, whatever key the endorsement names.
    keys = {str(named_method or method): known.multikey}
    try:
        endorsements.check_endorsement(document, keys)
    except CertificateFault:
        return ShownEndorsement(str(named), "", FORGED, "late", None, in_force=False)
    return show_endorsement(known)

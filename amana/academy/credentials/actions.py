"""What can be done with certificates: define, issue, revoke; and with their keys."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.academy.credentials import certificates, signing
from amana.academy.credentials.engine import documents, statuses
from amana.academy.credentials.engine.documents import Award, Evidence
from amana.academy.credentials.events import certificate_issued, certificate_revoked
from amana.academy.credentials.models import (
    SOON,
    Achievement,
    Attestation,
    Certificate,
    Endorsement,
    IssuerKey,
)
from amana.academy.credentials.rules import (
    coordinate_certificates,
    keep_key,
    oversee_certificate,
)
from amana.academy.credentials.signing import IssuerKeyPair
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log

FULL = statuses.PLACES * 3 // 4
"""Places taken in a list before the next is begun: a free one is soon drawn."""

# --- achievements


@transaction.atomic
def define(
    code: str,
    *,
    version: int,
    name: str,
    description: str,
    criteria: str,
    months: int | None,
    by: User | None,
    kind: Achievement.Kind = Achievement.Kind.CERTIFICATION,
    language: str = "en",
    rubric: Collection[Mapping[str, Any]] = (),
    alignment: Collection[Mapping[str, str]] = (),
) -> Achievement:
    """Define what can be certified. A change is a new version.

    `by` is None where a course defines it as it is published."""
    if Achievement.objects.filter(code=code, version=version).exists():
        raise Refused(
            _("This version is already defined. To change it, define a new one.")
        )
    documents.read_rubric(dict(criterion) for criterion in rubric)
    achievement = Achievement.objects.create(
        code=code,
        version=version,
        name=name,
        description=description,
        criteria=criteria,
        months=months,
        kind=kind,
        language=language,
        rubric=[dict(criterion) for criterion in rubric],
        alignment=[dict(part) for part in alignment],
    )
    if by:
        coordinate_certificates.require(by, achievement)
    log.record("defined achievement", achievement, by=by, version=version)
    return achievement


# --- certificates


@transaction.atomic
def issue(
    achievement: Achievement,
    learner: User,
    *,
    named: bool = True,
    pseudonym: str = "",
    levels: Mapping[str, str] | None = None,
    evidence: Collection[Evidence] = (),
    attestation: Attestation | None = None,
) -> Certificate:
    """Certify that `learner` achieved it: `levels` is which level, by criterion.

    A course does it, as soon as all that it asks for was marked; else two people have
    signed an attestation. Without `named` it bears the pseudonym, or doesn't show who
    holds it. Raises `Refused` for a level too low, and when there is one in force."""
    require_levels(achievement, levels or {})
    lock_learner(learner)
    require_not_held(achievement, learner)
    # Whole seconds, because the signed text has no others: row and certificate show the
    # same moment.
    now = timezone.now().replace(microsecond=0)
    award = _award(achievement, now, levels or {}, evidence)
    award = replace(award, name=learner.name if named else pseudonym)
    if attestation:
        award = mark_attested(award, attestation.reason)
    certificate = _signed(award, achievement, learner, attestation, now)
    about: dict[str, Any] = {"learner": learner.pk, "achievement": achievement.pk}
    by = attestation.decided_by if attestation else None
    if attestation:
        about["attestation"] = attestation.pk
    log.record("issued certificate", certificate, by=by, **about)
    certificate_issued.send(Certificate, certificate=certificate)
    return certificate


def mark_attested(award: Award, reason: str) -> Award:
    """Say in its title and in its evidence that no course has assessed it."""
    with override(award.achievement.language):
        name = award.achievement.name
        title = _("%(achievement)s (attested)") % {"achievement": name}
        said = _(
            "Two people of the issuer attest this; no course has assessed it. Their "
            "reason: %(reason)s"
        ) % {"reason": reason}
        evidence = Evidence(_("Attested, not assessed"), "attestation", "", said)
    # In the name of what was achieved: wallets show that, and perhaps nothing else.
    achievement = replace(award.achievement, name=title)
    return replace(award, achievement=achievement, evidence=(*award.evidence, evidence))


def require_not_held(achievement: Achievement, learner: User) -> None:
    held = certificates.find_held(learner, achievement.code)
    if held.exclude(valid_until__lt=timezone.now() + SOON).exists():
        raise Refused(_("This person already holds this certificate."))


def _award(
    achievement: Achievement,
    now: datetime,
    levels: Mapping[str, str],
    evidence: Collection[Evidence],
) -> Award:
    until = _months_after(now, achievement.months) if achievement.months else None
    return Award(
        id=f"urn:uuid:{uuid4()}",
        subject=f"urn:uuid:{uuid4()}",
        issuer=signing.get_issuer(),
        issuer_name=settings.ISSUER_NAME,
        issuer_address=settings.ADDRESS,
        achievement=convert_achievement(achievement),
        valid_from=signing.format_time(now),
        valid_until=signing.format_time(until) if until else "",
        status={},
        levels=tuple(levels.items()),
        evidence=tuple(evidence),
        endorsements=tuple(
            Endorsement.objects.in_force(now)
            .filter(achievement=achievement)
            .values_list("document", flat=True)
        ),
    )


def _signed(
    award: Award,
    achievement: Achievement,
    learner: User,
    attestation: Attestation | None,
    now: datetime,
) -> Certificate:
    key, pair = find_signing_key()
    listed_in, place = _free_place()
    entry = statuses.build_entry(signing.build_list_address(listed_in), place)
    award = replace(award, status=entry)
    document = pair.sign(documents.build_document(award), now)
    until = award.valid_until
    return Certificate.objects.create(
        id=UUID(award.id),
        achievement=achievement,
        learner=learner,
        key=key,
        document=document,
        compact=pair.sign(documents.build_compact(award), now),
        token=pair.sign_token(document),
        listed_in=listed_in,
        place=place,
        issued_at=now,
        attestation=attestation,
        valid_until=datetime.fromisoformat(until) if until else None,
    )


@transaction.atomic
def revoke(certificate: Certificate, *, reason: Certificate.Reason, by: User) -> None:
    """Revoke a certificate: from now on the public list shows it."""
    oversee_certificate.require(by, certificate)
    now = timezone.now()
    standing = Certificate.objects.filter(pk=certificate.pk, revoked_at=None)
    if not standing.update(revoked_at=now, revoked_by=by, reason=reason):
        raise Refused(_("This certificate has already been revoked."))
    certificate.revoked_at, certificate.revoked_by = now, by
    certificate.reason = reason
    log.record("revoked certificate", certificate, by=by, reason=reason)
    certificate_revoked.send(Certificate, certificate=certificate)


def convert_achievement(achievement: Achievement) -> documents.AchievementDocument:
    """Convert an achievement to the form that certificates contain."""
    page = reverse(
        "credentials:achievement", args=[achievement.code, achievement.version]
    )
    kind: documents.Kind = (
        "Certification"
        if achievement.kind == Achievement.Kind.CERTIFICATION
        else "CertificateOfCompletion"
    )
    return documents.AchievementDocument(
        address=f"{settings.ADDRESS}{page.rstrip('/')}",
        name=achievement.name,
        description=achievement.description,
        criteria=achievement.criteria,
        version=str(achievement.version),
        language=achievement.language,
        kind=kind,
        rubric=achievement.criteria_by_level,
        alignment=tuple(
            documents.AchievementAlignment(**part) for part in achievement.alignment
        ),
    )


def require_levels(achievement: Achievement, levels: Mapping[str, str]) -> None:
    """Require that each criterion was assessed, and reached the level it asks for."""
    rubric = {criterion.code: criterion for criterion in achievement.criteria_by_level}
    if levels.keys() != rubric.keys():
        raise Refused(_("Choose one level for each criterion."))
    for code, reached in levels.items():
        order = [level.code for level in rubric[code].levels]
        if reached not in order:
            raise Refused(_("This criterion does not have that level."))
        if order.index(reached) < order.index(rubric[code].required):
            raise Refused(_("A criterion has not been met yet."))


def _free_place() -> tuple[int, int]:
    """Draw a free place in the newest list."""
    number = 1 + Certificate.objects.count() // FULL
    while True:
        # By lot: a consecutive number would show when it was issued, and next to whose.
        place = secrets.randbelow(statuses.PLACES)
        if not Certificate.objects.filter(listed_in=number, place=place).exists():
            return number, place


def _months_after(start: datetime, months: int) -> datetime:
    """Return the same day of a later month, or its last day."""
    year, month = divmod(start.month - 1 + months, 12)
    for day in (start.day, 30, 29, 28):
        try:
            return start.replace(year=start.year + year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


# --- keys


@transaction.atomic
def make_key(*, by: User | None) -> IssuerKey:
    """Make a new pair that signs from now on; older ones sign no more, and stay
    trusted."""
    key = _new_key()
    if by:
        keep_key.require(by, key)
    now = timezone.now()
    IssuerKey.objects.signing().exclude(pk=key.pk).update(replaced_at=now)
    log.record("made certificate key", key, by=by)
    return key


@transaction.atomic
def stop_trusting_key(key: IssuerKey, *, by: User | None) -> None:
    """Stop trusting a key: what it signed is no longer valid, and has to be issued
    again. When it was the one that signs, another takes its place."""
    if by:
        keep_key.require(by, key)
    trusted = IssuerKey.objects.trusted().filter(pk=key.pk)
    if not trusted.update(distrusted_at=timezone.now()):
        raise Refused(_("This key is already no longer trusted."))
    log.record("distrusted certificate key", key, by=by)
    if not IssuerKey.objects.signing().exists():
        make_key(by=by)  # the list of what is revoked has to be signed


def _new_key() -> IssuerKey:
    public = signing.write_new_pair().public
    return IssuerKey.objects.create(multikey=public.multikey, jwk=dict(public.jwk))


def lock_learner(learner: User) -> None:
    """Lock the learner, so that no one else certifies them until we are done."""
    # There may be no certificate yet to lock, so the person is: otherwise two would
    # each find none and issue one.
    User.objects.select_for_update(no_key=True).get(pk=learner.pk)


def find_signing_key() -> tuple[IssuerKey, IssuerKeyPair]:
    """Find the newest key; make one when the first certificate is issued."""
    key = IssuerKey.objects.signing().order_by("-made_at", "-pk").first()
    key = key or make_key(by=None)
    return key, signing.load_pair(key)

"""What a certificate contains, before it is signed. Open Badges 3.0, section 4.

The person is a fresh `urn:uuid:` in each certificate, so that two of them can't be
linked; the name is given only where the person wants it to be read. Evidence is a hash
and a count, never a text. Its own id is a `urn:uuid:` too: no address of ours learns
who looks at which."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from amana.academy.credentials.engine.canonical import (
    EXTENSIONS,
    OPEN_BADGES,
    VC,
    Json,
)

SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/"
    "ob_v3p0_achievementcredential_schema.json"
)
type Kind = Literal["Certification", "CertificateOfCompletion"]
"""Assessed, and so for a limited time; or attended."""


@dataclass(frozen=True, slots=True)
class CriterionLevel:
    code: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """What was assessed; levels from the lowest to the highest."""

    code: str
    name: str
    levels: tuple[CriterionLevel, ...]
    required: str
    """The level that has to be reached."""


@dataclass(frozen=True, slots=True)
class AchievementAlignment:
    """Part of a published guideline or framework that the achievement covers."""

    name: str
    framework: str
    url: str
    description: str
    """What the achievement covers of it."""


@dataclass(frozen=True, slots=True)
class AchievementDocument:
    """What a person can be certified to have achieved; never changed once issued."""

    address: str
    name: str
    description: str
    criteria: str
    """How it is earned, in words."""
    version: str = "1"
    language: str = "en"
    kind: Kind = "Certification"
    rubric: tuple[Criterion, ...] = ()
    alignment: tuple[AchievementAlignment, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that was done; its log is kept elsewhere, and bound by its hash."""

    name: str
    genre: str
    sha256: str
    """Of the log or the work; empty: there is none."""
    narrative: str


@dataclass(frozen=True, slots=True)
class Award:
    """One certificate, about to be signed."""

    id: str
    subject: str
    issuer: str
    issuer_name: str
    issuer_address: str
    achievement: AchievementDocument
    valid_from: str
    valid_until: str
    status: Json
    name: str = ""
    """Of the person; empty: not said."""
    levels: tuple[tuple[str, str], ...] = ()
    """Which level was reached, by criterion."""
    evidence: tuple[Evidence, ...] = ()
    endorsements: tuple[Json, ...] = ()
    """What other bodies signed of the achievement, as they signed it."""


def build_document(award: Award) -> Json:
    """Build the whole certificate."""
    whole: Json = build_frame(award, [VC, OPEN_BADGES, EXTENSIONS])
    whole["issuer"]["url"] = award.issuer_address
    whole["credentialSubject"] |= {"achievement": build_achievement(award.achievement)}
    if award.levels:
        whole["credentialSubject"]["result"] = list_results(award)
    if award.evidence:
        # With ids: two nameless ones that say the same could not be put in order.
        whole["evidence"] = [
            {"id": f"{award.id}#evidence-{nth}"} | build_evidence(proof)
            for nth, proof in enumerate(award.evidence, 1)
        ]
    if award.endorsements:
        # With its own proof and contexts, so that a validator can check it by itself.
        whole["endorsement"] = [dict(signed) for signed in award.endorsements]
    whole["credentialSchema"] = [
        {"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}
    ]
    return whole


def build_compact(award: Award) -> Json:
    """Build as little as still is a certificate, to fit into a QR code on paper."""
    said = award.achievement
    small = build_frame(award, [VC, OPEN_BADGES])
    small["credentialSubject"]["achievement"] = {
        "id": said.address,
        "type": ["Achievement"],
        "achievementType": said.kind,
        "name": said.name,
        "description": said.name,
        "criteria": {"id": said.address},
    }
    return small


def build_frame(award: Award, contexts: list[str]) -> Json:
    framed: Json = {
        "@context": contexts,
        "id": award.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": award.achievement.name,
        "issuer": {
            "id": award.issuer,
            "type": ["Profile"],
            "name": award.issuer_name,
        },
        "validFrom": award.valid_from,
        "validUntil": award.valid_until,
        "credentialSubject": {"type": ["AchievementSubject"], "id": award.subject},
        "credentialStatus": award.status,
    }
    if not award.valid_until:
        del framed["validUntil"]
    if award.name:
        framed["credentialSubject"]["identifier"] = [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityType": "name",
                "identityHash": award.name,
            }
        ]
    return framed


def build_achievement(said: AchievementDocument) -> Json:
    found: Json = {
        "id": said.address,
        "type": ["Achievement"],
        "achievementType": said.kind,
        "version": said.version,
        "inLanguage": said.language,
        "name": said.name,
        "description": said.description,
        "criteria": {"id": f"{said.address}#criteria", "narrative": said.criteria},
    }
    if said.alignment:
        found["alignment"] = [
            {
                "type": ["Alignment"],
                "targetName": part.name,
                "targetFramework": part.framework,
                "targetUrl": part.url,
                "targetDescription": part.description,
            }
            for part in said.alignment
        ]
    if said.rubric:
        found["resultDescription"] = [
            {
                "id": build_address(said, criterion.code),
                "type": ["ResultDescription"],
                "name": criterion.name,
                "resultType": "RubricCriterionLevel",
                "requiredLevel": build_address(
                    said, criterion.code, criterion.required
                ),
                "rubricCriterionLevel": [
                    {
                        "id": build_address(said, criterion.code, level.code),
                        "type": ["RubricCriterionLevel"],
                        "name": level.name,
                        "level": str(nth),
                        "points": str(nth),
                        "description": level.description,
                    }
                    for nth, level in enumerate(criterion.levels)
                ],
            }
            for criterion in said.rubric
        ]
    return found


def list_results(award: Award) -> list[Json]:
    said = award.achievement
    return [
        {
            "type": ["Result"],
            "resultDescription": build_address(said, criterion),
            "achievedLevel": build_address(said, criterion, level),
        }
        for criterion, level in award.levels
    ]


def build_address(said: AchievementDocument, *codes: str) -> str:
    return f"{said.address}#{'-'.join(codes)}"


def build_evidence(one: Evidence) -> Json:
    said = {
        "type": ["Evidence"],
        "name": one.name,
        "genre": one.genre,
        "narrative": one.narrative,
    }
    return said | ({"description": f"sha256:{one.sha256}"} if one.sha256 else {})


def read_rubric(criteria: Iterable[Json]) -> tuple[Criterion, ...]:
    """Read a rubric as it is stored, and as a course's file has it."""
    return tuple(
        Criterion(
            criterion["code"],
            criterion["name"],
            tuple(CriterionLevel(**level) for level in criterion["levels"]),
            criterion["required"],
        )
        for criterion in criteria
    )

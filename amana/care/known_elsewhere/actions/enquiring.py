"""Ask another team whether it knows a person."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import card
from amana.care.cases.models.case_record import Case
from amana.care.consent import guardianship
from amana.care.consent.models import Consent
from amana.care.consent.sealed import SEALED_IN, build_fill
from amana.care.known_elsewhere import enquiry_text
from amana.care.known_elsewhere.models import LASTS, IdentityEnquiry
from amana.care.known_elsewhere.rules import ask_elsewhere, be_asked
from amana.errors import Refused
from amana.trust.access import tasks
from amana.trust.access.models.organisations import ANSWERING, Team, User
from amana.trust.audit import log
from amana.trust.vault import documents, parcels
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents.compartments_keys import RECORD

PART = Compartment.IDENTITY


SIZE = 3000
"""So long is what is sealed, in bytes, whatever it says."""


COMPARED = ("name", "other_names", "birth_date", "age", "phone")


LONGEST_WORD = 120


EACH_DAY, TEAM_EACH_DAY = 5, 20
"""Questions of one person, and of their team, in 24 hours: those who try names that
way get nowhere."""


AT_ONCE = 25
"""Questions compared in one request."""


SHOWN = 20
"""Questions gone through at each look, the newest first."""


NO_CASE = UUID(int=0).hex
"""Asked for where none was found: as many queries as where one was."""


STRONG = frozenset({"phone", "birth_date"})
"""Besides a name, one of these has to agree. A name is shared by many, and a telephone
by a family, or by those whom one trafficker holds: either alone tells of a stranger."""


def is_over_budget(case: Case, *, by: User) -> bool:
    since = timezone.now() - timedelta(hours=24)
    lately = IdentityEnquiry.objects.filter(asked_at__gt=since)
    of_team = lately.filter(case__team=case.team_id).count()
    return lately.filter(asked_by=by).count() >= EACH_DAY or of_team >= TEAM_EACH_DAY


@transaction.atomic
def ask_team(
    case: Case,
    *,
    asked: Team,
    language: str,
    given_by: Consent.GivenBy,
    understood: bool,
    why_alone: str = "",
    by: User,
) -> IdentityEnquiry:
    """Record that the person agreed, and ask. Nothing is revealed to anyone there yet,
    except that a question came. Raises `Refused`.
    """
    ask_elsewhere.require(by, case)
    be_asked.require(by, asked)
    if is_over_budget(case, by=by):
        raise Refused(
            _(
                "You or your team have asked too often in the last 24 hours. "
                "Ask again tomorrow."
            )
        )
    if not understood:
        raise Refused(
            _("Ask the person to explain in their own words what they agree to.")
        )
    records = _records(case, by=by)
    identity = records.get(Compartment.IDENTITY, {})
    giver = Consent.GivenBy(given_by)
    guardianship.require(identity, giver, why_alone=why_alone)
    person = {k: v for k, v in card.list_card_words(records).items() if k in COMPARED}
    if "name" not in person or not STRONG & person.keys():
        raise Refused(
            _("Record a name, and a telephone number or date of birth, before you ask.")
        )
    question = _create(case, asked, by=by)
    heard = enquiry_text.format_text(language, asked=asked)
    answer = {
        "text": heard,
        "given_by": giver,
        "why_alone": why_alone,
        "by": by.name,
        "fill": build_fill(giver, why_alone),
    }
    documents.write(case.pk, SEALED_IN, answer, by=by, name=question.document)
    content = {"person": _shortened(person), "contact": build_contact(case.team, by)}
    parcels.seal(
        question.pk, {PART: fill_to_size(content)}, to=asked, sender=case.team, by=by
    )
    log.record("asked whether known elsewhere", question, by=by, case=case.pk)
    roles = [str(role) for role in ANSWERING]
    tell = partial(tasks.notify_team.enqueue, asked.pk, roles, False)
    transaction.on_commit(tell)
    return question


def _create(case: Case, asked: Team, *, by: User) -> IdentityEnquiry:
    now = timezone.now()
    try:
        with transaction.atomic():
            return IdentityEnquiry.objects.create(
                case=case,
                asked=asked,
                asked_by=by,
                asked_at=now,
                expires_at=now + LASTS,
            )
    except IntegrityError as error:
        raise Refused(_("This team has already been asked.")) from error


def _records(case: Case, *, by: User) -> dict[Compartment, Mapping[str, object]]:
    parts = [Compartment.IDENTITY, Compartment.CONTACT]
    opened = documents.open_documents(
        case.pk, parts, by=by, purpose="known elsewhere", names=[RECORD]
    )
    return {part: document.content for (part, _name), document in opened.items()}


def _shortened(person: Mapping[str, object]) -> dict[str, object]:
    """Shorten what is typed without end, which would show in the size."""
    return {
        name: value[:LONGEST_WORD] if isinstance(value, str) else value
        for name, value in person.items()
    }


def build_contact(team: Team, user: User) -> dict[str, str]:
    return {
        "name": user.name[:LONGEST_WORD],
        "team": f"{team.organisation.name} · {team.name}"[: 2 * LONGEST_WORD],
        "phone": team.phone[:LONGEST_WORD],
    }


def fill_to_size(content: Mapping[str, object]) -> dict[str, object]:
    """Fill the content to exactly `SIZE` bytes, whatever it is."""
    text = json.dumps({**content, "fill": ""}, ensure_ascii=False).encode()
    missing = SIZE - len(text)
    if missing < 0:
        raise Refused(
            _(
                "The person’s details are too long to send. Shorten them in "
                "the case first."
            )
        )
    return {**content, "fill": "." * missing}

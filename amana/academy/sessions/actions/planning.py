"""When a cohort meets, and telling its calendars."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.cohorts.models import Cohort
from amana.academy.sessions import tasks
from amana.academy.sessions.models import Session
from amana.academy.sessions.plans import list_modules_with_plans
from amana.academy.sessions.rules import lead_session, plan_session
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def plan(
    cohort: Cohort,
    module: str,
    *,
    starts_at: datetime,
    ends_at: datetime,
    title: str = "",
    task: str = "",
    by: User,
    **said: Any,
) -> Session:
    """Plan a meeting of the cohort by the plan of this module; without one, a meeting
    of its own with this title and task. Raises `Refused`."""
    plan_session.require(by, cohort)
    if module and module not in dict(list_modules_with_plans(cohort.version)):
        raise Refused(_("This module has no plan for a live session."))
    session = Session(
        cohort=cohort,
        module=module,
        own={} if module else build_own(title, task),
        starts_at=starts_at,
        ends_at=ends_at,
        planned_by=by,
        **said,
    )
    session.full_clean()
    session.save(force_insert=True)
    log.record("planned session", session, by=by)
    tasks.send_invitations(session)
    return session


def build_own(title: str, task: str) -> dict[str, str]:
    """Build what a meeting of the cohort's own says. Raises `Refused`."""
    if not title:
        raise Refused(_("Give the meeting a title."))
    return {"title": title, "task": task}


@transaction.atomic
def change(
    session: Session,
    *,
    seen: int,
    title: str = "",
    task: str = "",
    by: User,
    **said: Any,
) -> None:
    """Change times or place, and of a meeting of the cohort's own its title and task:
    every calendar is notified. `seen`: the number of the session's last change when the
    person opened it. Raises `Changed` when a colleague changed it since.
    """
    held = hold_session(session, by)
    if not session.module:
        said["own"] = held.own | build_own(title, task)
    session.change(seen=seen, **said)
    session.full_clean()
    log.record("changed session", session, by=by)
    tasks.send_invitations(session)


def hold_session(session: Session, by: User) -> Session:
    """Lock a session and return it as it is now, so that of what two people add to it
    at once nothing is lost. Raises `Refused` where it is cancelled."""
    lead_session.require(by, session)
    rows = Session.objects.select_for_update(of=["self"], no_key=True)
    held = rows.get(pk=session.pk)
    if held.cancelled_at:
        raise Refused(_("This session is cancelled."))
    return held


@transaction.atomic
def cancel(session: Session, *, by: User) -> None:
    lead_session.require(by, session)
    if session.cancelled_at:
        raise Refused(_("This session is cancelled."))
    session.change(seen=session.sequence, cancelled_at=timezone.now())
    log.record("cancelled session", session, by=by)
    tasks.send_invitations(session)

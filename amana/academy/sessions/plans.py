"""The plan of a session, out of the version by which its cohort learns."""

from amana.academy.courses.content import content_of
from amana.academy.courses.models import Version
from amana.academy.sessions.engine import plan as plans
from amana.academy.sessions.engine.plan import Plan
from amana.academy.sessions.models import Session


def plan_of(session: Session) -> Plan:
    return _read(session.cohort.version, session.module)


def modules_with_plans(version: Version) -> list[tuple[str, Plan]]:
    """List each module of this version that has a live part."""
    return [
        (module.code, _read(version, module.code))
        for module in content_of(version).modules
        if module.live.get("steps")
    ]


def options_of(session: Session) -> dict[str, int]:
    """Count the options of each of its polls."""
    return {poll.key: len(poll.options) for poll in plan_of(session).polls}


def _read(version: Version, module: str) -> Plan:
    course = content_of(version)
    found = course.module(module)
    return plans.of(found.live if found else {}, course.first)

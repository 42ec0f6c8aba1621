"""The plan of a session, out of the version by which its cohort learns."""

from amana.academy.courses.content import load_content
from amana.academy.courses.models import Version
from amana.academy.sessions.engine import plan as plans
from amana.academy.sessions.engine.plan import SessionPlan
from amana.academy.sessions.models import Session


def get_plan(session: Session) -> SessionPlan:
    """Get what a session follows: the plan of its module, or its own, and the polls
    that were added to it."""
    version, own = session.cohort.version, session.own
    course = load_content(version)
    if session.module:
        plan = read_plan(version, session.module)
    else:
        plan = plans.build_own_plan(
            own["title"], own["task"], get_minutes(session), course.languages
        )
    return plans.add_polls(plan, own.get("polls", []), course.languages)


def get_minutes(session: Session) -> int:
    return round((session.ends_at - session.starts_at).total_seconds() / 60)


def list_modules_with_plans(version: Version) -> list[tuple[str, SessionPlan]]:
    """List each module of this version that has a live part."""
    return [
        (module.code, read_plan(version, module.code))
        for module in load_content(version).modules
        if module.live.get("steps")
    ]


def count_options(session: Session) -> dict[str, int]:
    """Count the options of each of its polls."""
    return {poll.key: len(poll.options) for poll in get_plan(session).polls}


def read_plan(version: Version, module: str) -> SessionPlan:
    course = load_content(version)
    found = course.module(module)
    return plans.parse_plan(found.live if found else {}, course.first)

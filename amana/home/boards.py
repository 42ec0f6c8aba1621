"""The work of a role in a few figures, each of which leads to its list.

For those whose work is not a list of tasks: who coordinates, oversees, analyses,
administers, teaches or learns. A figure is what stands in the database now; where it
counts nothing it is 0, and says so.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_tasks_db.models import DBTaskResult

from amana.academy.assessment.models import HandIn, WorkStatus
from amana.academy.assessment.rules import assess_work, may_judge
from amana.academy.cohorts.models import Application
from amana.academy.cohorts.rules import see_application
from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.academy.sessions.models import WEEK, Session
from amana.academy.sessions.rules import attend_session, lead_session
from amana.care.cases.models import Case
from amana.care.cases.rules import watch_case
from amana.care.consent.models import Destruction
from amana.care.consent.rules import watch_destructions
from amana.care.referrals.models import Referral
from amana.care.referrals.rules import watch_referral
from amana.design.mechanism.choosing import list_versions_in_force
from amana.design.mechanism.models import Version
from amana.insight.briefs.models import Brief
from amana.insight.briefs.rules import see_brief
from amana.insight.measure.mattering import list_first_looks
from amana.insight.measure.models import ProtectedTable
from amana.insight.release.models import Release
from amana.trust.access import account_lists
from amana.trust.access.models import (
    KEYHOLDERS,
    Organisation,
    Role,
    Team,
    User,
)
from amana.trust.access.rules import administer
from amana.trust.alarms import timer_runs
from amana.trust.alarms.models import Alarm
from amana.trust.alarms.rules import see_alarm
from amana.trust.audit.models import AuditEvent, Checkpoint
from amana.trust.operation.rules import tend_task
from amana.trust.oversight.forms import get_day_start
from amana.trust.oversight.models import Breach
from amana.ui.charts import SmallChart
from amana.ui.lists import ONLY

FIGURES = 4
"""So many figures of the mechanism stand on a first page."""


@dataclass(frozen=True)
class BoardTile:
    """One figure of a board: what it counts, how many, and where they are."""

    label: str | Promise
    value: str | int
    url: str
    tone: str = "plain"
    hint: str = ""
    chart: SmallChart | None = None
    """Its course through the year."""


@dataclass(frozen=True)
class RoleBoard:
    """What one role sees of its work."""

    title: str | Promise
    tiles: list[BoardTile]


COUNTED = 1_000
"""Above this a first page says "more than": to count on, it would read the country."""


def count_up_to_limit(rows: QuerySet[Any]) -> str | int:
    """Count `rows`, found in the index of their deadlines."""
    # In the order of the index, and with its column alone: the database stops after a
    # thousand entries and reads no row.
    found = len(rows.order_by("due_at").values_list("due_at")[: COUNTED + 1])
    return format_counted(found)


def count_events_since(moment: datetime) -> str | int:
    """Count the entries of the log since then, among the newest."""
    # They lie in the order in which they came: the newest thousand are enough, and no
    # index of their time is needed.
    newest = AuditEvent.objects.order_by("-pk").values_list("at", flat=True)
    return format_counted(sum(at >= moment for at in newest[: COUNTED + 1]))


def format_counted(found: int) -> str | int:
    if found <= COUNTED:
        return found
    return _("more than %(number)s") % {"number": number_format(COUNTED)}


type MakeTiles = Callable[[User], Iterator[BoardTile]]


def build_boards(user: User) -> list[RoleBoard]:
    """Return the boards of each role that a user holds, without empty ones."""
    made = [
        RoleBoard(title, list(tiles(user)))
        for roles, title, tiles in BOARDS
        if roles & user.roles
    ]
    if not user.roles & KEYHOLDERS:  # whose page costs no query more than their tasks
        made.append(RoleBoard(_("Your courses"), list(iterate_learning_tiles(user))))
    return [board for board in made if board.tiles]


def iterate_coordination_tiles(user: User) -> Iterator[BoardTile]:
    now = timezone.now()
    late = count_up_to_limit(watch_referral.among(Referral.objects.overdue(now), user))
    to_answer = Referral.objects.open().to_answer()
    waiting = count_up_to_limit(watch_referral.among(to_answer, user))
    cases = count_up_to_limit(watch_case.among(Case.objects.open(), user))
    yield BoardTile(
        _("Overdue referrals"),
        late,
        reverse("referrals:late"),
        "late" if late else "good",
    )
    yield BoardTile(
        _("Referrals waiting for an answer"),
        waiting,
        f"{reverse('referrals:watch')}?stage=answer",
    )
    yield BoardTile(_("Open cases"), cases, reverse("cases:watch"))
    in_force = list_versions_in_force()
    yield BoardTile(
        ngettext("Mechanism in force", "Mechanisms in force", len(in_force) or 1),
        format_in_force(in_force),
        reverse("mechanism:now"),
        "plain" if in_force else "due",
    )


def format_in_force(versions: Sequence[Version]) -> str:
    """Format the version of the one mechanism in force, else how many there are."""
    if len(versions) > 1:
        return str(len(versions))
    number = next((version.number for version in versions), None)
    return _("Version %(number)s") % {"number": number} if number else _("None")


def iterate_figure_tiles(user: User) -> Iterator[BoardTile]:
    """Yield what matters most to readers of figures, with its course through the
    year."""
    for look in list_first_looks(user, FIGURES):
        definition = look.definition
        address = reverse("measure:part", args=[definition.code, definition.part.name])
        yield BoardTile(
            definition.name,
            look.whole.value,
            f"{address}?year={look.year.number}",
            look.tone,
            look.trend if look.small_chart else str(look.year.number),
            look.small_chart,
        )


def iterate_analysis_tiles(user: User) -> Iterator[BoardTile]:
    latest = (
        ProtectedTable.objects.order_by("-until")
        .values_list("until", flat=True)
        .first()
    )
    proposed = Release.objects.proposed().count()
    briefs = see_brief.among(Brief.objects.waiting(), user).count()
    yield BoardTile(
        _("Latest month in figures"),
        date_format(latest - timedelta(days=1), _("F Y")) if latest else _("Not yet"),
        reverse("measure:home"),
    )
    yield BoardTile(
        _("Releases waiting for a second signature"),
        proposed,
        f"{reverse('release:list')}?{ONLY}=proposed",
        "due" if proposed else "plain",
    )
    yield BoardTile(
        _("Briefs waiting for review"),
        briefs,
        f"{reverse('briefs:briefs')}?{ONLY}=to-review",
        "due" if briefs else "plain",
    )


def iterate_oversight_tiles(user: User) -> Iterator[BoardTile]:
    day = timezone.localdate() - timedelta(days=1)
    last = Checkpoint.objects.order_by("-size").first()
    yield BoardTile(
        _("Events in the log since yesterday"),
        count_events_since(get_day_start(day)),
        f"{reverse('audit:log')}?since={day.isoformat()}",
    )
    yield BoardTile(
        _("Last signed checkpoint"),
        date_format(timezone.localtime(last.at), _("j M Y, H:i"))
        if last
        else _("None"),
        reverse("audit:log"),
        "plain" if last else "late",
        _("%(size)s events") % {"size": last.size} if last else "",
    )
    alarms = see_alarm.among(Alarm.objects.open(), user).count()
    yield BoardTile(
        _("Open alarms"),
        alarms,
        f"{reverse('alarms:list')}?{ONLY}=open",
        "late" if alarms else "good",
    )
    missed = len(timer_runs.find_missed(timezone.now()))
    yield BoardTile(
        _("Timers not running"),
        missed,
        reverse("alarms:list"),
        "late" if missed else "good",
    )
    breaches = Breach.objects.open().count()
    yield BoardTile(
        _("Open data breaches"),
        breaches,
        f"{reverse('audit:breaches')}?{ONLY}=open",
        "late" if breaches else "good",
    )


def iterate_data_protection_tiles(user: User) -> Iterator[BoardTile]:
    """Yield counts of what recipients still owe; no case, and no person."""
    waiting = watch_destructions.among(Destruction.objects.waiting(), user).count()
    yield BoardTile(
        _("Recipients who haven’t confirmed that copies are destroyed"),
        waiting,
        reverse("consent:owed"),
        "due" if waiting else "good",
    )


def iterate_administration_tiles(user: User) -> Iterator[BoardTile]:
    people, teams = reverse("access:people"), reverse("access:teams")
    known = User.objects.filter(account_lists.filter_people_at_work())
    everyone = administer.among(known, user)
    colleagues = everyone.filter(account_lists.filter_waiting_people()).count()
    houses = administer.among(Organisation.objects.all(), user)
    waiting = houses.filter(account_lists.filter_waiting_organisations()).count()
    all_teams = administer.among(Team.objects.all(), user)
    silent = all_teams.filter(account_lists.filter_teams_without_number()).count()
    yield BoardTile(
        _("People waiting to be confirmed"),
        colleagues,
        f"{people}?{ONLY}=waiting",
        "due" if colleagues else "good",
    )
    yield BoardTile(
        _("Organisations waiting for signatures"),
        waiting,
        f"{reverse('access:organisations')}?{ONLY}=waiting",
        "due" if waiting else "good",
    )
    failed = tend_task.among(DBTaskResult.objects.all(), user).count()
    yield BoardTile(
        _("Failed background tasks"),
        failed,
        reverse("operation:tasks"),
        "late" if failed else "good",
    )
    yield BoardTile(
        _("Teams without a telephone number"),
        silent,
        f"{teams}?{ONLY}=silent",
        "due" if silent else "good",
    )
    yield BoardTile(
        _("People with an account"),
        everyone.filter(account_lists.filter_people_with_account()).count(),
        f"{people}?{ONLY}=active",
    )


def iterate_teaching_tiles(user: User) -> Iterator[BoardTile]:
    work = HandIn.objects.filter(status=WorkStatus.WAITING)
    to_mark = assess_work.among(work, user).count()
    soon = Session.objects.coming_within(WEEK)
    applied = see_application.among(Application.objects.ours(), user).count()
    if may_judge(user):
        yield BoardTile(
            _("Learner work to mark"),
            to_mark,
            f"{reverse('assessment:queue')}?{ONLY}=to-mark",
            "due" if to_mark else "good",
        )
    yield BoardTile(
        _("Sessions you lead in the next 7 days"),
        lead_session.among(soon, user).count(),
        f"{reverse('sessions:mine')}?{ONLY}=led",
    )
    yield BoardTile(
        _("Applications to answer"),
        applied,
        f"{reverse('cohorts:desk')}#queue",
        "due" if applied else "good",
    )


def iterate_learning_tiles(user: User) -> Iterator[BoardTile]:
    """Yield how far one is in each course, and the next session."""
    begun: set[int] = set()
    for enrolment in learn.among(Enrolment.objects.for_page(), user):
        if enrolment.version.course_id not in begun:
            begun.add(enrolment.version.course_id)
            yield build_course_tile(enrolment)
    coming = Session.objects.standing().filter(ends_at__gte=timezone.now())
    mine = attend_session.among(coming.select_related("cohort"), user)
    session = mine.order_by("starts_at").first()
    if session is not None:
        yield BoardTile(
            _("Next live session"),
            format_session_time(session),
            reverse("sessions:session", args=[session.pk]),
        )


def format_session_time(session: Session) -> str:
    """Format when it begins, where the cohort is."""
    begins = timezone.localtime(session.starts_at, session.cohort.zone)
    return f"{date_format(begins, _('j M, H:i'))} {session.cohort.time_zone}"


def build_course_tile(enrolment: Enrolment) -> BoardTile:
    course, progress = load_content(enrolment.version), load_progress(enrolment)
    step = pages.build_step(course, progress.next)
    return BoardTile(
        pages.format_text(course, course.title),
        _("%(done)s of %(all)s steps")
        % {"done": progress.steps_done, "all": progress.steps},
        step.url if step else reverse("courses:course", args=[course.slug]),
        hint=step.title if step else "",
    )


BOARDS: tuple[tuple[frozenset[Role], str | Promise, MakeTiles], ...] = (
    (
        frozenset({Role.COORDINATOR}),
        gettext_lazy("The mechanism"),
        iterate_coordination_tiles,
    ),
    (frozenset({Role.ANALYST}), gettext_lazy("Analysis"), iterate_analysis_tiles),
    (
        frozenset({Role.COORDINATOR, Role.ANALYST}),
        gettext_lazy("Figures"),
        iterate_figure_tiles,
    ),
    (
        frozenset({Role.AUDITOR, Role.DATA_PROTECTION_OFFICER}),
        gettext_lazy("Oversight"),
        iterate_oversight_tiles,
    ),
    (
        frozenset({Role.DATA_PROTECTION_OFFICER}),
        gettext_lazy("Data protection"),
        iterate_data_protection_tiles,
    ),
    (
        frozenset({Role.ADMINISTRATOR}),
        gettext_lazy("People and teams"),
        iterate_administration_tiles,
    ),
    (frozenset({Role.TRAINER}), gettext_lazy("Teaching"), iterate_teaching_tiles),
)

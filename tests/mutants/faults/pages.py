"""Faults of pages: styles, scripts, headers and notifications."""

from typing import Any

from .registry import fault, put

NOTIFICATIONS = "amana/notifications/tests"


@fault("amana/home/tests/test_numbers.py")
def number_leads_to_the_whole_list() -> None:
    """What an address asks for of a list is not looked at."""
    from django.db.models import Q

    from amana.ui.lists import ListRequest

    put(ListRequest, where=lambda self, now=None: Q())


@fault(f"{NOTIFICATIONS}/test_property.py")
def notice_of_a_restricted_case() -> None:
    """A notification is shown to whom it was once for, whatever they see now."""
    from django.db.models import Q

    from amana.notifications import rules

    put(rules, filter_by_kind=lambda kind, user, day: Q(what__in=kind.whats))


@fault(f"{NOTIFICATIONS}/test_reading.py")
def badge_of_every_inbox() -> None:
    """The badge counts referrals that others have to answer."""
    from amana.care.referrals.models import Referral
    from amana.trust.access.prepared import DynamicQuery
    from amana.ui import badges

    all_of_them = DynamicQuery(Referral.objects.to_answer())
    badges.BADGES["inbox"] = lambda user: [all_of_them.some(badges.AT_MOST)]


@fault(f"{NOTIFICATIONS}/test_stream.py")
def stream_by_the_highest_number() -> None:
    """The stream goes on from the highest number that it has seen."""
    from amana.notifications.stream import NewRows

    right = NewRows.fetch

    def fetch(self: NewRows) -> Any:
        found = right(self)
        self.after = max([self.after, *self.seen])
        return found

    put(NewRows, fetch=fetch)


@fault("amana/home/tests/test_roles.py")
def tasks_of_the_whole_team() -> None:
    """Among one's own tasks stand those on the cases of colleagues."""
    from amana.care.cases.models import Case
    from amana.home import care
    from amana.trust.access.rules import find_team_ids

    put(
        care,
        find_my_cases=lambda user: Case.objects.open().filter(
            team__in=find_team_ids(user)
        ),
    )


@fault("tests/architecture/test_traces.py")
def year_old_cookie() -> None:
    """A visit to a page for people leaves a cookie for a year."""
    from django.conf import settings

    settings.CSRF_COOKIE_AGE = 31449600


@fault("tests/architecture/test_traces.py")
def nothing_forgotten_on_leaving() -> None:
    """Leaving a page for people leaves its cookies behind."""
    from django.conf import settings
    from django.contrib.auth.decorators import login_not_required
    from django.shortcuts import redirect

    from amana.ui import views

    put(
        views,
        leave=login_not_required(lambda request: redirect(settings.QUICK_EXIT_URL)),
    )


@fault("amana/ui/tests/test_shell.py::test_no_page_runs_a_script_that_stands_in_it")
def inline_scripts_run() -> None:
    """Scripts that stand in a page are run, whoever wrote them there."""
    from django.conf import settings
    from django.utils.csp import CSP

    settings.SECURE_CSP["script-src"] = [CSP.SELF, CSP.UNSAFE_INLINE]


@fault("amana/ui/tests/test_outages.py::test_a_full_disk_is_said_plainly")
def full_disk_is_any_error() -> None:
    """Who works while the disk is full reads that something went wrong."""
    from amana.ui import outages

    put(outages, is_disk_full=lambda error: False)


@fault(
    "amana/ui/tests/test_once.py::"
    "test_the_same_form_twice_has_one_effect_and_leads_to_the_same_place"
)
def each_arrival_counts() -> None:
    """A form that comes twice has two effects."""
    from uuid import UUID, uuid4

    from amana.ui import once

    def claim(sender: str, key: UUID) -> Any:
        return once.Submission.objects.create(sender=sender, key=uuid4())

    put(once, claim_key=claim)


@fault("tests/architecture/test_asvs.py::test_each_limit_is_in_the_manual")
def limit_other_than_said() -> None:
    """The manual says another limit on tries than the one that counts."""
    from django.conf import settings

    settings.ACCOUNT_RATE_LIMITS["login_failed"] = "10/m/ip,50/5m/key"


@fault("tests/architecture/test_headers.py")
def static_without_policy() -> None:
    """Scripts and drawings go out before the policy is added."""
    from django.conf import settings

    policy = "django.middleware.csp.ContentSecurityPolicyMiddleware"
    settings.MIDDLEWARE.remove(policy)
    settings.MIDDLEWARE.insert(3, policy)


@fault("amana/ui/tests/test_permissions.py")
def camera_on_every_page() -> None:
    """What the room of a session may use, each page may use."""
    from amana.ui import permissions

    policy = permissions.build_policy
    put(permissions, build_policy=lambda *used: policy("camera", *used))


COMPRESSION = "amana/ui/tests/test_compression.py"


@fault(f"{COMPRESSION}::test_what_another_site_asks_for_is_not_compressed")
def compressed_for_any_site() -> None:
    """Another host of the domain measures what a page of a person holds."""
    from amana.ui import compression

    put(compression, OURS={"same-origin", "same-site", "cross-site", "none"})

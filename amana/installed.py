"""What the program is put together from, the same in every installation: its rooms, the
libraries of Django's kind, and what each request passes through."""

ROOMS = [
    "amana.ui",
    "amana.printing",
    "amana.trust.access",
    "amana.trust.audit",
    "amana.trust.vault",
    "amana.trust.exports",
    "amana.trust.oversight",
    "amana.trust.alarms",
    "amana.trust.retention",
    "amana.trust.witness",
    "amana.trust.recovery",
    "amana.trust.backup",
    "amana.trust.operation",
    "amana.design.directory",
    "amana.design.public_directory",
    "amana.design.forms",
    "amana.design.mechanism",
    "amana.design.simulation",
    "amana.care.lists",
    "amana.care.pending",
    "amana.care.cases",
    "amana.care.emergency_access",
    "amana.care.known_elsewhere",
    "amana.care.decoys",
    "amana.care.consent",
    "amana.care.referrals",
    "amana.care.requests",
    "amana.care.meetings",
    "amana.care.packs",
    "amana.care.screening",
    "amana.care.pathways",
    "amana.care.outcomes",
    "amana.insight.facts",
    "amana.insight.feedback",
    "amana.insight.measure",
    "amana.insight.release",
    "amana.insight.gaps",
    "amana.insight.costing",
    "amana.insight.advocacy",
    "amana.insight.briefs",
    "amana.academy.authoring",
    "amana.academy.practice.labs",
    "amana.academy.community.mentoring",
    "amana.academy.community.alumni",
    "amana.academy.courses",
    "amana.academy.learners",
    "amana.academy.practice.interviews",
    "amana.academy.cohorts",
    "amana.academy.sessions",
    "amana.academy.assessment",
    "amana.academy.gates",
    "amana.academy.credentials",
    "amana.academy.held_exercises",
    "amana.academy.exercises",
    "amana.academy.installations",
    "amana.academy.offline",
    "amana.academy.practice.placement",
    "amana.academy.practice.review",
    "amana.academy.toolkits",
    "amana.exchange.figures",
    "amana.exchange.hsds",
    "amana.exchange.directory_api",
    "amana.exchange.htcds",
    "amana.exchange.ocel",
    "amana.exchange.imports",
    "amana.exchange.areas",
    "amana.exchange.learning.lessons",
    "amana.exchange.learning.cmi5",
    "amana.exchange.learning.lti",
    "amana.exchange.learning.qti",
    "amana.exchange.learning.scorm",
    "amana.exchange.learning.xapi",
    "amana.notifications",
    "amana.home",
]
"""Each is a Django app. Which room knows which is in `pyproject.toml`."""

LEARNER_PAGES = frozenset(
    {
        "courses",
        "review",
        "placement",
        "interviews",
        "sessions",
        "labs",
        "scenarios",
        "installations",
        "toolkits",
        "offline",
        "credentials",
        "learners",
        "notifications",
        "ui",
        "assessment:name",
        "assessment:hand_in",
        "assessment:work",
        "assessment:file",
        "assessment:withdraw",
        "assessment:appeal",
        "lti:arrive",
        "lti:mine",
        "lti:tell",
        "lti:unlink",
        "cohorts:mine",
        "cohorts:accept",
        "cohorts:share",
        "cohorts:withdraw",
        "account_logout",
        "mfa_add_webauthn",
        "mfa_remove_webauthn",
        "practice:enter",
    }
)
"""Rooms, and single pages, that are open to who only learns: they hold courses, and
what this learner did in them. What is not listed does not exist for them."""

LEARNER_HOME, LEARNER_SIGN_IN = "courses:home", "learners:door"

LIBRARIES = [
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE: list[str] = [
    # Outside of what serves static files and of what sends to HTTPS: these carry the
    # policy too.
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Of pages: a script or a picture uses no part of the device by itself.
    "amana.ui.permissions.PermissionsMiddleware",
    "amana.ui.head.HeadMiddleware",
    "amana.ui.compression.CompressionMiddleware",
    # Outside of all that writes: what a request did is sealed at its end.
    "amana.trust.witness.middleware.LogMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "amana.trust.access.http.PresenceMiddleware",
    "amana.trust.access.http.SignInRequiredMiddleware",
    "amana.trust.access.http.SecondFactorMiddleware",
    "amana.trust.access.http.PaceMiddleware",
    "amana.trust.alarms.middleware.AlterationsMiddleware",
    "amana.ui.http.RefusedMiddleware",
    # After Refused, so that it sees an exception before that one answers it.
    "amana.trust.access.http.AttemptsMiddleware",
    # Last, so that it meets a lock before Refused does.
    "amana.trust.vault.middleware.KeyringMiddleware",
]


SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
OF_EXERCISES = {
    SESSIONS: "amana.sandbox.middleware.PlayerMiddleware",
    "amana.ui.http.RefusedMiddleware": "amana.sandbox.middleware.RefusalsMiddleware",
}
OF_PRACTICE = {SESSIONS: "amana.practising.middleware.LearnerMiddleware"}
"""What requests to an exercise, or to a practice installation, pass through as well:
each after one of the others."""


def put_after(more: dict[str, str]) -> list[str]:
    """List the middleware with others, each put after one of them."""
    found = []
    for name in MIDDLEWARE:
        found += [name, more[name]] if name in more else [name]
    return found

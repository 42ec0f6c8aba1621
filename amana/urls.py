"""The map of the house."""

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from amana.academy.credentials.views import did
from amana.academy.learners.freshness import require_fresh_learner
from amana.trust.access.views import own_account
from amana.trust.operation.public import health, security_txt, show_metrics

# All of allauth that we use; whatever else it offers does not exist here.
account = [
    path("sign-in", views.login, name="account_login"),
    path("sign-out", views.logout, name="account_logout"),
    path("code", mfa.authenticate, name="mfa_authenticate"),
    path("passkey", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path(
        "passkey/add",
        require_fresh_learner(webauthn.add_webauthn),
        name="mfa_add_webauthn",
    ),
    path(
        "passkey/<int:pk>/remove",
        require_fresh_learner(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path("app", totp.activate_totp, name="mfa_activate_totp"),
    path("app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    # Two names by which allauth leads back to the page of one's own account.
    path("factors", own_account, name="mfa_index"),
    path("passkeys", own_account, name="mfa_list_webauthn"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("ui/", include("amana.ui.urls")),
    path("language", login_not_required(set_language), name="set_language"),
    path("account/", include(account)),
    path("keys/", include("amana.trust.vault.urls")),
    path("log/", include("amana.trust.oversight.urls")),
    path("witness/", include("amana.trust.witness.urls")),
    path("recovery/", include("amana.trust.recovery.urls")),
    path("alarms/", include("amana.trust.alarms.urls")),
    path("exports/", include("amana.trust.exports.urls")),
    path("retention/", include("amana.trust.retention.urls")),
    path("operation/", include("amana.trust.operation.urls")),
    path("directory/hsds/", include("amana.exchange.hsds.urls")),
    path("", include("amana.exchange.directory_api.urls")),
    path("directory/import/", include("amana.exchange.imports.urls")),
    path("directory/areas/", include("amana.exchange.areas.urls")),
    path("directory/", include("amana.design.directory.urls")),
    path("help/", include("amana.design.public_directory.urls")),
    path("mechanism/bpmn/", include("amana.exchange.bpmn.urls")),
    path("mechanism/", include("amana.design.mechanism.urls")),
    path("forms/", include("amana.design.forms.urls")),
    path("views/", include("amana.care.lists.urls")),
    path("cases/", include("amana.care.cases.urls")),
    path("cases/emergency-access/", include("amana.care.emergency_access.urls")),
    path("cases/known-elsewhere/", include("amana.care.known_elsewhere.urls")),
    path("cases/decoys/", include("amana.care.decoys.urls")),
    path("cases/pack/", include("amana.care.packs.urls")),
    path("cases/meet/", include("amana.care.meetings.urls")),
    path("cases/came-of-it/", include("amana.care.outcomes.urls")),
    path("consent/", include("amana.care.consent.urls")),
    path("decisions/", include("amana.care.pending.urls")),
    path("referrals/", include("amana.care.referrals.urls")),
    path("requests/", include("amana.care.requests.urls")),
    path("screening/", include("amana.care.screening.urls")),
    path("pathways/log/", include("amana.exchange.ocel.urls")),
    path("take-along/cmi5/", include("amana.exchange.learning.cmi5.urls")),
    path("take-along/scorm/", include("amana.exchange.learning.scorm.urls")),
    path("academy/interviews/", include("amana.academy.practice.interviews.urls")),
    path("academy/told/", include("amana.exchange.learning.xapi.urls")),
    path("take-along/qti/", include("amana.exchange.learning.qti.urls")),
    path("lti/", include("amana.exchange.learning.lti.urls")),
    path("take-along/", include("amana.exchange.learning.lessons.urls")),
    path("academy/offline/", include("amana.academy.offline.urls")),
    path("academy/where-to-begin/", include("amana.academy.practice.placement.urls")),
    path("academy/toolkits/", include("amana.academy.toolkits.urls")),
    path("academy/review/", include("amana.academy.practice.review.urls")),
    path("academy/sessions/", include("amana.academy.sessions.urls")),
    path("academy/writing/", include("amana.academy.authoring.urls")),
    path("academy/labs/", include("amana.academy.practice.labs.urls")),
    path(
        "academy/exercises/held/",
        include("amana.academy.held_exercises.urls"),
    ),
    path("academy/exercises/", include("amana.academy.exercises.urls")),
    path("academy/mentoring/", include("amana.academy.community.mentoring.urls")),
    path("academy/circle/", include("amana.academy.community.alumni.urls")),
    path("academy/work/", include("amana.academy.assessment.urls")),
    path("academy/roles/", include("amana.academy.gates.urls")),
    path("", include("amana.exchange.figures.urls")),
    path("consent/shared/htcds/", include("amana.exchange.htcds.urls")),
    path("facts/", include("amana.insight.facts.urls")),
    path("figures/", include("amana.insight.measure.urls")),
    path("costs/", include("amana.insight.costing.urls")),
    path("advocacy/", include("amana.insight.advocacy.urls")),
    path("academy/installations/", include("amana.academy.installations.urls")),
    path("academy/", include("amana.academy.courses.urls")),
    path("pathways/", include("amana.care.pathways.urls")),
    path("", include("amana.insight.release.urls")),
    path("gaps/", include("amana.insight.gaps.urls")),
    path("learn/", include("amana.academy.learners.urls")),
    path("courses/", include("amana.academy.cohorts.urls")),
    path("certificates/", include("amana.academy.credentials.urls")),
    path("say/", include("amana.insight.feedback.urls")),
    path("health", health, name="health"),
    path("metrics", show_metrics, name="metrics"),
    path(".well-known/did.json", did, name="did"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("notifications/", include("amana.notifications.urls")),
    path("", include("amana.insight.briefs.urls")),
    path("", include("amana.home.urls")),
    path("", include("amana.trust.access.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("amana.demo.urls")))
if settings.PRACTISING:
    urlpatterns.append(path("practice/", include("amana.practising.urls")))
elif settings.SANDBOX:
    urlpatterns.append(path("exercise/", include("amana.sandbox.urls")))

handler400 = "amana.ui.errors.bad_request"
handler403 = "amana.ui.errors.denied"
handler404 = "amana.ui.errors.missing"
handler500 = "amana.ui.errors.failed"

"""My certificates and their files; certificates that others hold; and what is public:
the page that checks one, our keys, and the list of those that were revoked."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.credentials import (
    actions,
    attesting,
    certificate_bundles,
    checking,
    endorsing,
    labels,
    signing,
    verifier_page,
)
from amana.academy.credentials.engine.canonical import Json
from amana.academy.credentials.engine.endorsements import list_embedded
from amana.academy.credentials.forms import AttestationForm, RevokeForm, VerifyForm
from amana.academy.credentials.models import (
    Achievement,
    Attestation,
    Certificate,
    Endorsement,
)
from amana.academy.credentials.paper import badge_pictures, sheet
from amana.academy.credentials.rules import (
    coordinate_certificates,
    have_part_in_attestation,
    hold_certificate,
    oversee_certificate,
    read_public,
    see_attestation,
    see_certificate,
    sign_attestation,
    withdraw_attestation,
)
from amana.trust.access.http import Request, posted, slow_down
from amana.trust.access.models import Role
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui import languages
from amana.ui.http import send_file, show
from amana.ui.once import apply_once
from amana.ui.paging import SIZE, find_page

MINE, ISSUED = "credentials/mine.html", "credentials/issued.html"
CERTIFICATE = "credentials/certificate.html"
VERIFY, ACHIEVEMENT = "credentials/verify.html", "credentials/achievement.html"

FILES: dict[str, tuple[str, Callable[[Certificate], bytes | str]]] = {
    "pdf": ("application/pdf", sheet.write_pdf),
    "png": ("image/png", badge_pictures.draw_png),
    "svg": ("image/svg+xml", badge_pictures.draw_svg),
    "json": ("application/json", badge_pictures.write_json),
    "jwt": ("application/vc+jwt", lambda certificate: certificate.token),
    "zip": ("application/zip", certificate_bundles.build_bundle),
}


# --- for those who hold one


@require_GET
def mine(request: Request) -> HttpResponse:
    held = hold_certificate.among(Certificate.objects.for_list(), request.user)
    waiting = Attestation.objects.waiting().for_list().filter(learner=request.user)
    context = {
        "certificates": held.order_by("-issued_at", "pk"),
        "attestations": have_part_in_attestation.among(waiting, request.user),
    }
    return show(request, MINE, context)


@require_GET
def certificate(request: Request, pk: UUID) -> HttpResponse:
    found = seen(request, pk)
    context = {
        "certificate": found,
        "endorsements": endorsing.check_embedded(list_embedded(found.document)),
        "own": found.learner_id == request.user.pk,
        "may_revoke": oversee_certificate.permits(request.user, found)
        and not found.revoked_at,
        "square": badge_pictures.build_square_url(found),
    }
    return show(request, CERTIFICATE, context)


@require_GET
@never_cache
def file(request: Request, pk: UUID, format: str) -> HttpResponse:
    """Send the certificate in one of its shapes, to be kept and passed on by its
    holder."""
    found = hold_certificate.find(Certificate.objects.all(), request.user, pk=pk)
    kind, make = FILES[format]
    name = f"certificate-{found.achievement.code}.{format}"
    return send_file(make(found), kind, name)


def seen(request: Request, pk: UUID) -> Certificate:
    whole = Certificate.objects.select_related("achievement", "learner", "key")
    return see_certificate.find(whole, request.user, pk=pk)


# --- for those who certify


@require_GET
def issued(request: Request) -> HttpResponse:
    found = oversee_certificate.among(Certificate.objects.for_list(), request.user)
    waiting = Attestation.objects.waiting().for_list()
    context = {
        "certificates": find_page(found, request, key=("-issued_at", "pk")),
        "attestations": see_attestation.among(waiting, request.user)[:SIZE],
        "may_propose": has_role(request.user, [Role.COORDINATOR]),
    }
    return show(request, ISSUED, context, part="list")


@require_GET
def awards(request: Request) -> HttpResponse:
    """List what one may attest."""
    every = Achievement.objects.newest_first()
    found = coordinate_certificates.among(every, request.user)
    return show(request, "credentials/awards.html", {"achievements": found})


@require_http_methods(["GET", "POST"])
@apply_once
def attest(request: Request, pk: int) -> HttpResponse:
    """Propose to certify a person whose work no course has assessed."""
    every = Achievement.objects.all()
    found = coordinate_certificates.find(every, request.user, pk=pk)
    form = AttestationForm(found, posted(request))
    if form.is_valid() and form.learner:
        proposed = attesting.propose_attestation(
            found,
            form.learner,
            reason=form.cleaned_data["reason"],
            named=form.cleaned_data["named"],
            levels=form.levels,
            by=request.user,
        )
        return redirect("credentials:attestation", proposed.pk)
    context = {"achievement": found, "form": form}
    status = 422 if form.is_bound else 200
    return show(request, "credentials/attest.html", context, status=status)


@require_GET
def attestation(request: Request, pk: int) -> HttpResponse:
    found = see_attestation.find(Attestation.objects.for_list(), request.user, pk=pk)
    context = {
        "attestation": found,
        "issued": see_certificate.among(
            Certificate.objects.for_list().filter(attestation=found), request.user
        ).first(),
        "may_sign": sign_attestation.permits(request.user, found),
        "may_withdraw": withdraw_attestation.permits(request.user, found),
    }
    return show(request, "credentials/attestation.html", context)


DECISIONS: dict[str, Callable[..., object]] = {
    "sign": attesting.sign,
    "decline": attesting.decline,
    "withdraw": attesting.withdraw,
}


@require_POST
@apply_once
def decide(request: Request, pk: int, decision: str) -> HttpResponse:
    found = see_attestation.find(Attestation.objects.for_list(), request.user, pk=pk)
    DECISIONS[decision](found, by=request.user)
    return redirect("credentials:attestation", found.pk)


@require_http_methods(["GET", "POST"])
@apply_once
def revoke(request: Request, pk: UUID) -> HttpResponse:
    found = oversee_certificate.find(
        Certificate.objects.select_related("achievement", "learner", "key"),
        request.user,
        pk=pk,
    )
    form = RevokeForm(posted(request))
    if form.is_valid():
        reason = Certificate.Reason(form.cleaned_data["reason"])
        actions.revoke(found, reason=reason, by=request.user)
        return redirect("credentials:certificate", found.pk)
    context = {"certificate": found, "form": form}
    status = 422 if form.is_bound else 200
    return show(request, "credentials/revoke.html", context, status=status)


# --- for everyone


@login_not_required
@require_GET
def achievement(request: HttpRequest, code: str, version: int) -> HttpResponse:
    found = Achievement.objects.filter(code=code, version=version).first()
    if found is None:
        raise NotAccessible(read_public, Achievement, {"version": version})
    direction = languages.get_direction(found.language)
    recorded = Endorsement.objects.recorded().filter(achievement=found)
    context = {
        "achievement": found,
        "direction": direction,
        "endorsements": [endorsing.show_endorsement(known) for known in recorded],
    }
    return show(request, ACHIEVEMENT, context)


@login_not_required
@never_cache
@sensitive_post_parameters("text")
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check a certificate. It comes in the body of a form, and nothing of it is kept or
    logged. Only the address that asked is known for a minute, to limit the rate."""
    form = VerifyForm(posted(request), request.FILES or None)
    if form.is_valid():
        slow_down(request, "certificate")
        found = checking.check_certificate(form.given)
        context = {
            "found": found,
            "endorsements": endorsing.check_embedded(
                found.says.endorsements if found.says else ()
            ),
            "words": labels.get_words(found),
            "form": VerifyForm(),
        }
        return show(request, VERIFY, context)
    status = 422 if form.is_bound else 200
    return show(request, VERIFY, {"form": form}, status=status)


@login_not_required
@never_cache
@csp_override(verifier_page.build_policy())
@require_GET
def check(request: HttpRequest) -> HttpResponse:
    """Show the page that checks certificates in the browser: the square on paper opens
    it. What follows `#` in its address is sent to no server."""
    return HttpResponse(verifier_page.build_page())


@login_not_required
@require_GET
def verifier(request: HttpRequest) -> HttpResponse:
    """Send the page that checks certificates without us and without a network."""
    return send_file(
        verifier_page.build_page(), "text/html; charset=utf-8", "verify.html"
    )


@login_not_required
@require_GET
def did(request: HttpRequest) -> HttpResponse:
    return build_json_response(signing.build_did_document())


@login_not_required
@require_GET
def revoked(request: HttpRequest, number: int) -> HttpResponse:
    """Send the list, as JSON or as a token. The request doesn't reveal which
    certificate it is about."""
    known = checking.list_status_lists()
    if not 1 <= number <= len(known):
        raise NotAccessible(read_public, Certificate, {"listed_in": number})
    if "application/vc+jwt" in request.headers.get("Accept", ""):
        token = signing.sign_list_token(known[number - 1])
        return allow_all_origins(HttpResponse(token, content_type="application/vc+jwt"))
    return build_json_response(known[number - 1])


def build_json_response(document: Json) -> HttpResponse:
    """Build a response for programs."""
    # Not `application/did` or `application/vc`: several verifiers read only what calls
    # itself JSON.
    return allow_all_origins(JsonResponse(document))


def allow_all_origins(response: HttpResponse) -> HttpResponse:
    """Allow verifiers that run in a browser to read it, on any site."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=300"
    response["Vary"] = "Accept"
    return response

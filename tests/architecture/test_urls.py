"""Every address needs a sign-in unless it is listed here, and none names a person."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

API = {
    "directory_api:about",
    "directory_api:openapi",
    "directory_api:services",
    "directory_api:service",
    "directory_api:service_at_locations",
    "directory_api:service_at_location",
    "directory_api:organizations",
    "directory_api:organization",
    "directory_api:taxonomies",
    "directory_api:taxonomy",
    "directory_api:taxonomy_terms",
    "directory_api:taxonomy_term",
    "directory_api:geojson",
    "directory_api:hxl",
    "directory_api:missing",
}
PUBLIC_DIRECTORY = (
    *("start", "start_in", "find", "search", "needs", "places", "spoken"),
    *("service", "text", "leaflet", "leaflet_pdf", "embedded"),
)
PUBLIC = {
    # what this is, for anybody
    "home:front",
    "home:front_in",
    # for machines: up or not; metrics, for whom the settings name
    "health",
    "metrics",
    # whom to tell of a weakness, where the operator says so (RFC 9116)
    "security_txt",
    # before one has signed in: the language, and what the browser refused to load
    "set_language",
    "ui:csp_report",
    # away from a page for people, leaving nothing of it in the browser
    "ui:leave",
    # signing in, with a second factor or a passkey, and out
    "account_login",
    "account_logout",
    "mfa_authenticate",
    "mfa_login_webauthn",
    # a new colleague's first step, and the way back with a printed recovery code
    "vault:join",
    "vault:choose_passphrase",
    "vault:recover",
    # a recipient without the system: a page that a spoken code opens once, and the
    # return slip with which they answer
    "referrals:sealed",
    "referrals:slip",
    # another instance asks for our cosignature under what its log's key has signed
    "witness:add_checkpoint",
    # a device asks, by a secret of its own, whether it may keep its offline pack: also
    # where its worker is not let in any more
    "packs:contact",
    # a service says whether its details are still true, by a link in its mailbox
    "directory:check",
    "directory:checked",
    # certificates: whoever is shown one checks it, and learns what it stands for
    "credentials:verify",
    "credentials:check",
    "credentials:verifier",
    "credentials:revoked",
    "credentials:achievement",
    # sessions in one's own calendar program, at an address that nobody guesses
    "sessions:calendar",
    "did",
    # coming from another learning system: it says who comes before they sign in here
    "lti:login",
    "lti:launch",
    "lti:keys",
    # courses and their dates: whoever looks for one, asks the academy, or applies
    "cohorts:catalogue",
    "cohorts:course",
    "cohorts:help",
    "cohorts:ask",
    "cohorts:ask_about",
    "cohorts:apply",
    "cohorts:sent",
    # who comes to learn: by a link in a mail, an invitation, where anyone may, or
    # from another learning system that has named them
    "learners:door",
    "learners:sent",
    "learners:terms",
    "learners:arrive",
    "cohorts:enrol",
    "cohorts:invited",
    "lti:enter",
    # what people say of the help they got, their complaints, and what came of it
    "feedback:start",
    "feedback:slip",
    "feedback:kiosk",
    "feedback:go",
    "feedback:send",
    "feedback:thanks",
    "feedback:changes",
    "feedback:council",
    "feedback:complain",
    "feedback:state",
    "feedback:again",
    # what was asked of those who decide, for anybody to read and to cite
    "briefs:asked",
    "briefs:asked_one",
    "briefs:asked_in",
    "briefs:asked_file",
    "briefs:reports",
    "briefs:report",
    "briefs:report_edition",
    "briefs:report_file",
    # services that chose to be public, for anybody who looks for help
    *(f"public_directory:{page}" for page in PUBLIC_DIRECTORY),
    # figures that two people signed, for anybody to read and to cite
    "release:published",
    "release:published_one",
    "release:out",
    "release:file",
    "release:out_noised",
    "figures:files",
    "figures:file",
    "figures:in_codes",
    # services that chose to be public, for other programs; with a key, those of the
    # mechanism
    *API,
}

PERSONAL = re.compile(
    r"name|mail|phone|birth|address|passport|nation|contact|person"
    r"|(?:^|_)(?:age|born|country)(?:_|$)"
)
OPAQUE = {"int", "uuid"}
"""Converters whose values can't spell a word."""
CODED = {
    "tab",
    # random, and used up or withdrawn before long
    "token",
    # parameter: the code that it carries, which is the same for everyone
    "code",
    "slug",
    "kind",
    "step",
    "format",
    "outcome",
    "language",
    "decision",
    "compartment",
    "part",
    # of an exercise, where everyone is invented; its process knows which there are
    "page",
}

Found = tuple[str, Callable[..., Any], dict[str, Any]]


def addresses(resolver: URLResolver, space: str = "") -> Iterator[Found]:
    """(name, view, parameters with their converters) of each address."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            outer = getattr(pattern.pattern, "converters", {})
            for name, view, parameters in addresses(pattern, inner):
                yield name, view, outer | parameters
        elif isinstance(pattern, URLPattern):
            name = f"{space}{pattern.name or pattern.pattern}"
            yield name, pattern.callback, dict(pattern.pattern.converters)


ALL = list(addresses(get_resolver()))


def is_open(view: Callable[..., Any]) -> bool:
    """Whether LoginRequiredMiddleware lets everyone in."""
    return not getattr(view, "login_required", True)


def test_an_address_is_public_only_when_listed() -> None:
    opened = {name for name, view, _parameters in ALL if is_open(view)}
    assert opened == PUBLIC


def test_no_address_carries_anything_of_a_person() -> None:
    assert [
        f"{name}: {parameter}"
        for name, view, parameters in ALL
        if view.__module__.startswith("amana.")
        for parameter, converter in parameters.items()
        if not harmless(parameter, converter)
    ] == []


def harmless(parameter: str, converter: Any) -> bool:
    if PERSONAL.search(parameter):
        return False
    kind = type(converter).__name__.removesuffix("Converter").lower()
    return kind in OPAQUE or parameter in CODED


UNASKED = {
    # what takes a POST without the key of a form, and what it asks for instead
    "ui:csp_report": "nothing: one short line for the log",
    "lti:login": "nothing: it only leads on",
    "lti:launch": "the state of a way in and this browser's cookie",
    "packs:contact": "the device's own secret",
    "witness:add_checkpoint": "a signature of a log that two people chose",
    "public_directory:search": "nothing: it changes nothing, and sets no cookie",
    "scenarios:enter": "that the exercise's own process asks for the key of its form",
    "scenarios:inside": "likewise",
    "installations:enter": "that the installation's own process asks for that key",
    "installations:inside": "likewise",
    **dict.fromkeys(API, "nothing: it only reads, and answers a POST with 405"),
}


def test_a_form_of_another_site_does_nothing() -> None:
    exempt = {n for n, view, _p in ALL if getattr(view, "csrf_exempt", False)}
    assert exempt == UNASKED.keys()


def test_the_checks_notice_what_they_forbid() -> None:
    from django.urls.converters import IntConverter, StringConverter

    assert not harmless("surname", StringConverter())
    assert not harmless("passport", IntConverter())
    assert not harmless("age", IntConverter())
    assert harmless("language", StringConverter())
    assert not harmless("query", StringConverter())
    assert harmless("pk", IntConverter())
    assert not is_open(lambda request: None)

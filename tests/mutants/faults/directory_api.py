"""Faults of what other programs are given of the directory."""

from typing import Any

from .registry import fault, put

TESTS = "amana/exchange/directory_api/tests"
CHANGES, SECRETS = f"{TESTS}/test_changes.py", f"{TESTS}/test_secrets.py"
KEYS, LIMITS = f"{TESTS}/test_keys.py", f"{TESTS}/test_limits.py"


def whole_room() -> Any:
    """The room with its pages, which know functions by names of their own."""
    import amana.exchange.directory_api as room
    import amana.exchange.directory_api.urls  # noqa: F401

    return room


@fault(SECRETS)
def program_is_given_what_the_export_learns() -> None:
    """What the export writes anew leaves by itself, of safe houses too."""
    from amana.exchange.directory_api import records

    put(records, hold_back=lambda found, service: found)


@fault(SECRETS)
def program_is_given_the_street_of_a_safe_house_as_its_area() -> None:
    """An area of a few houses is given of a secret address."""
    from amana.exchange.directory_api import records

    put(records, REGION=9)


@fault(SECRETS)
def key_opens_restricted_services() -> None:
    """A key opens what only its team sees."""
    from amana.design.directory.models import Service
    from amana.exchange.directory_api.models import Audience
    from amana.exchange.directory_api.rules import find_given

    def find_more(audience: Any) -> Any:
        given = find_given(audience)
        return given if audience is Audience.PUBLIC else Service.objects.listed()

    put(whole_room(), find_given=find_more)


@fault(SECRETS)
def everyone_is_given_safe_houses() -> None:
    """A safe house that chose to be public is listed for everyone (ADR 92)."""
    from amana.design.directory.models import Service
    from amana.exchange.directory_api.models import Audience
    from amana.exchange.directory_api.rules import find_given

    def find_more(audience: Any) -> Any:
        public = Service.objects.active().filter(visibility="public")
        return public if audience is Audience.PUBLIC else find_given(audience)

    put(whole_room(), find_given=find_more)


@fault(CHANGES)
def public_is_told_when_a_bed_is_taken() -> None:
    """Whoever asks each minute sees when someone came."""
    from amana.exchange.directory_api import records

    put(records, narrow_record=lambda record, audience: record)


@fault(CHANGES)
def program_never_hears_of_a_withdrawal() -> None:
    """What is no longer given is forgotten, so its copies go on showing it."""
    from amana.exchange.directory_api import publication

    put(publication, _withdraw=lambda audience, pks, now: None)


@fault(CHANGES)
def withdrawal_keeps_the_name() -> None:
    """A service that became a safe house is still called by its name."""
    from amana.exchange.directory_api import records

    build = records.build_tombstone

    def named(row: Any) -> Any:
        return build(row) | {"description": "Was at 1 Harbour Road."}

    put(records, build_tombstone=named)


@fault(CHANGES)
def place_outlives_its_secret() -> None:
    """A copy of where it is stays until a program asks."""
    from amana.exchange.directory_api import actions

    put(actions, forget_places=lambda service: None)


@fault(CHANGES)
def time_of_change_goes_back_with_the_clock() -> None:
    """A change after the clock was set back is older than the last pull."""
    from django.utils import timezone

    from amana.exchange.directory_api import publication

    put(publication, _next_moment=timezone.now)


@fault(CHANGES)
def etag_is_the_same_for_all() -> None:
    """A program with a key gets 304 for what the public has."""
    from amana.exchange.directory_api import answering

    same = answering.answer_unless_same

    def without_version(request: Any, build: Any, **more: Any) -> Any:
        return same(request, build, **more | {"version": "one"})

    put(whole_room(), answer_unless_same=without_version)


@fault(KEYS)
def key_opens_before_the_second_person() -> None:
    """A key that one person made alone is let in."""
    from amana.exchange.directory_api import callers
    from amana.exchange.directory_api.models import ApiKey

    def find_any(header: str) -> ApiKey | None:
        secret = callers.actions.hash_key(header.removeprefix("Bearer "))
        return ApiKey.objects.filter(hash=secret, revoked_at=None).first()

    put(callers, find_key=find_any)


@fault(KEYS)
def wrong_key_is_let_in_as_anyone() -> None:
    """A program whose key was revoked takes the public part for all there is."""
    from amana.exchange.directory_api import callers
    from amana.exchange.directory_api.models import Audience

    admit = callers.admit_caller

    def admit_any(request: Any, *, whole: bool) -> Any:
        try:
            return admit(request, whole=whole)
        except callers.WrongKey:
            return callers.Caller(Audience.PUBLIC)

    put(whole_room(), admit_caller=admit_any)


@fault(LIMITS)
def wrong_keys_are_not_counted() -> None:
    """Who sends a wrong key asks without a limit."""
    from amana.exchange.directory_api import callers

    count = callers._count

    def count_some(request: Any, action: str, key: str = "") -> None:
        if "Authorization" not in request.headers or key:
            count(request, action, key)

    put(callers, _count=count_some)


@fault(f"{TESTS}/test_size.py")
def stream_holds_the_whole_directory() -> None:
    """All services are read before the first line is sent."""
    from amana.exchange.directory_api import finding

    put(finding, BATCH=10**6)

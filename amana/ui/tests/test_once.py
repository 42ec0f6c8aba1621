"""One form has one effect, however often and however close together it arrives
(P37)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import BadRequest
from django.core.management import call_command
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from amana.errors import Refused
from amana.ui.http import done
from amana.ui.models import KEPT, Submission
from amana.ui.once import FIELD, apply_once, make_form_key
from amana.ui.tests.conftest import Asks

# An effect that needs no other room: a row of our own with another sender.
EFFECT = "effect"


def effects() -> int:
    return Submission.objects.filter(sender=EFFECT).count()


@apply_once
def create(request: HttpRequest) -> HttpResponse:
    if request.POST.get("how") == "mistaken":
        return HttpResponse(status=422)
    made = Submission.objects.create(sender=EFFECT, key=uuid4())
    if request.POST.get("how") == "refused":
        raise Refused("No place is free.")
    return done(request, then=f"/made/{made.pk}")


@pytest.mark.django_db
def test_the_same_form_twice_has_one_effect_and_leads_to_the_same_place(
    asks: Asks,
) -> None:
    form = make_form_key()
    first = create(asks(post=form))
    second = create(asks(post=form))
    assert effects() == 1
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]


@pytest.mark.django_db
def test_htmx_is_led_there_too(asks: Asks) -> None:
    form = make_form_key()
    first = create(asks(post=form))
    second = create(asks(post=form, htmx=True))
    assert effects() == 1
    assert second.headers["HX-Redirect"] == first.headers["Location"]


@pytest.mark.django_db
def test_two_forms_have_two_effects(asks: Asks) -> None:
    create(asks(post=make_form_key()))
    create(asks(post=make_form_key()))
    assert effects() == 2


@pytest.mark.django_db
def test_nobody_is_led_where_somebody_else_was(asks: Asks) -> None:
    form = make_form_key()
    create(asks(post=form))
    other = asks(post=form)
    other.user.pk = 7
    create(other)
    assert effects() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["refused", "mistaken"])
def test_a_form_that_was_not_accepted_leaves_nothing_and_may_come_again(
    asks: Asks, how: str
) -> None:
    form = make_form_key()
    if how == "refused":
        with pytest.raises(Refused):
            create(asks(post={**form, "how": how}))
    else:
        assert create(asks(post={**form, "how": how})).status_code == 422
    assert not Submission.objects.exists()

    create(asks(post=form))

    assert effects() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("status", [200, 302, 409, 410, 422])
def test_that_text_was_opened_for_a_page_stays_written_down(
    asks: Asks, status: int
) -> None:
    @apply_once
    def open_and_show(request: HttpRequest) -> HttpResponse:
        Submission.objects.create(sender="opened", key=uuid4())
        return HttpResponse("sealed text", status=status)

    form = make_form_key()
    assert open_and_show(asks(post=form)).status_code == status

    assert Submission.objects.filter(sender="opened").count() == 1
    assert Submission.objects.filter(key=form[FIELD]).exists() == (status < 400)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "not-a-key"])
def test_a_form_without_its_key_is_not_accepted(asks: Asks, key: str) -> None:
    with pytest.raises(BadRequest):
        create(asks(post={FIELD: key}))
    assert effects() == 0


def test_looking_needs_no_key(asks: Asks) -> None:
    @apply_once
    def look(request: HttpRequest) -> HttpResponse:
        return HttpResponse("seen")

    assert look(asks()).content == b"seen"


def apart[T](work: Callable[[], T]) -> T:
    """In a thread, and so with a connection, of its own."""

    def then_close() -> T:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as one:
        return one.submit(then_close).result(60)


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """As in production: SQLite in a file, where a writer waits for another. In memory,
    where tests else run, it doesn't wait but fails. Back there before this thread's
    connection closes, with which everything in memory would be gone."""
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "sqlite":
            file = tmp_path / "shared.sqlite3"
            patch.setitem(connections.settings["default"], "NAME", file)
            apart(lambda: call_command("migrate", "ui", verbosity=0))
        yield


@pytest.mark.usefixtures("shared_database")
def test_the_same_form_at_the_same_moment_has_one_effect(asks: Asks) -> None:
    form = make_form_key()
    requests = [asks(post=form) for _ in range(6)]
    together = Barrier(len(requests))

    def send(request: HttpRequest) -> HttpResponse:
        together.wait(60)
        return apart(lambda: create(request))

    with ThreadPoolExecutor(len(requests)) as people:
        answers = list(people.map(send, requests))

    assert apart(effects) == 1
    assert len({answer.headers["Location"] for answer in answers}) == 1


@pytest.mark.django_db
def test_keys_are_forgotten_after_a_week() -> None:
    old, young = uuid4(), uuid4()
    sent_at = timezone.now() - KEPT - timedelta(minutes=1)
    Submission.objects.create(sender="1", key=old, sent_at=sent_at)
    Submission.objects.create(sender="1", key=young)
    call_command("forget_submissions")
    assert set(Submission.objects.values_list("key", flat=True)) == {young}


def test_every_key_is_new() -> None:
    assert make_form_key() != make_form_key()
    assert UUID(make_form_key()[FIELD]).version == 4

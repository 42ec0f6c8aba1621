"""Nothing of a brief, and nothing of a private channel, reaches anyone whom it is not
for: what others can get is searched for each of its sentences. In a round of offers
that is every page, part and file; at the other stages the table in two languages, the
channels and the stream."""

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from amana import given
from amana.academy.courses.content import load_content
from amana.academy.practice.labs import actions
from amana.academy.practice.labs.engine.table import EVERYONE, iterate_all_channels
from amana.academy.practice.labs.models import Lab
from amana.academy.practice.labs.tests.conftest import PARTIES, join
from amana.academy.practice.labs.tests.played import agree, play, sign_all
from amana.errors import Refused
from amana.trust.access.models import User
from amana.ui.once import make_form_key

SEATS = (*PARTIES, "mediator")
LANGUAGES = ("en", "fr", "ar")
LINK = re.compile(r'(?:href|hx-get|action)="(/[^"#]*)')
READS_ELSEWHERE = {"at another table": "police"}
"""Who plays a party at another table of the same negotiation has that party's brief."""
FOREIGN = ("police.shelter", "legal.mediator", "hospital")
"""Channels that everyone asks for by their name."""


def split_sentences(text: str) -> list[str]:
    """Split a text into the pieces that are searched for."""
    pieces = re.split(r"(?<=[.!?؟:;])\s+", " ".join(text.split()))
    return [piece for piece in pieces if len(piece) > 12]


def flatten(text: str) -> str:
    return " ".join(html.unescape(text).split())


@pytest.fixture
def players(seated: dict[str, User], mediator: User) -> dict[str, User]:
    return {**seated, "mediator": mediator}


@pytest.fixture
def others(
    players: dict[str, User],
    watcher: User,
    trainer: User,
    stranger: User,
    coordinator: User,
    cohort,
) -> dict[str, Client]:
    """Everyone who reads, by seat; those without one by another name."""
    neighbour = join(cohort, trainer)
    another = actions.open_lab(cohort, "old-harbour", by=trainer)
    actions.take_seat(another, "police", by=neighbour)
    readers = {
        **players,
        "no seat": watcher,
        "leads": trainer,
        "coordinates": given.unlock_user(coordinator),
        "at another table": neighbour,
        "stranger": stranger,
    }
    return {name: given.sign_in(reader) for name, reader in readers.items()}


@pytest.fixture
def secrets(lab: Lab) -> dict[str, list[str]]:
    """The sentences of each seat's brief, in each language."""
    plain = load_content(lab.cohort.version).labs[lab.code]
    found: dict[str, list[str]] = {"mediator": []}
    for language in LANGUAGES:
        found["mediator"] += split_sentences(plain["mediator"]["task"][language])
        for party in plain["parties"]:
            texts = [party["brief"], party["alternative"], party["line"]]
            texts += party.get("interests", [])
            texts += party.get("positions", {}).values()
            for text in texts:
                pieces = split_sentences(text[language])
                found.setdefault(party["code"], []).extend(pieces)
        for round_ in plain["rounds"]:
            for news in round_.get("news", ()):
                for seat in news.get("to", ()):
                    found[seat] += split_sentences(news["text"][language])
    return found


def write_everywhere(
    lab: Lab, players: Mapping[str, User]
) -> dict[str, frozenset[str]]:
    """Write in each channel that is open now; return the words with their readers."""
    written = {}
    for channel in iterate_all_channels(SEATS):
        if channel == EVERYONE:
            continue
        members = frozenset(channel.split("."))
        for seat in members:
            words = f"Secret of {channel} by {seat} while {lab.stage} {lab.round}"
            try:
                actions.write_in_channel(lab, channel, words, by=players[seat])
            except Refused:
                continue
            written[words] = members
    return written


def read_much(lab: Lab, browser: Client) -> Iterator[tuple[str, str]]:
    """Read what a reader can get of a table: its page, in another language too,
    channels by their names, and the stream."""
    table = reverse("labs:table", args=[lab.pk])
    asked = [table, *(f"{table}?with={channel}" for channel in FOREIGN)]
    for address in (*asked, reverse("labs:stream", args=[lab.pk])):
        yield address, get(browser, address)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    yield f"{table} fr", get(browser, table)
    del browser.cookies[settings.LANGUAGE_COOKIE_NAME]


def read_all(lab: Lab, browser: Client) -> Iterator[tuple[str, str]]:
    """Read everything: also the parts of the page, the file, what is sent back to a
    mistake, and what the pages of clinics and negotiations link to, each own channel
    among it."""
    yield from read_much(lab, browser)
    table = reverse("labs:table", args=[lab.pk])
    waiting = [
        reverse("labs:home"),
        reverse("labs:text", args=[lab.pk]),
        reverse("labs:propose", args=[lab.pk, "answer"]),
        reverse("labs:walk_away", args=[lab.pk]),
        table,
    ]
    seen: set[str] = set()
    for address in waiting:  # grows while it is walked
        if address in seen:
            continue
        seen.add(address)
        content = get(browser, address)
        yield address, content
        found = [html.unescape(link) for link in LINK.findall(content)]
        waiting += [link for link in found if link.startswith("/academy/labs/")]
    yield from post_all(browser, lab)
    part = {"HX-Request": "true", "By-Itself": "1"}
    for name in ("table", "talk", "speak", "latest"):
        answer = browser.get(table, {"part": name}, headers=part)
        yield f"{table} {name}", flatten(answer.content.decode())
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    yield f"{table} ar", get(browser, table)
    del browser.cookies[settings.LANGUAGE_COOKIE_NAME]


def get(browser: Client, address: str) -> str:
    answer = browser.get(address)
    if answer.get("Content-Type", "").startswith("application/zip"):
        packed = zipfile.ZipFile(io.BytesIO(answer.content))
        return flatten(
            " ".join(
                packed.read(n).decode("utf-8", "ignore") for n in packed.namelist()
            )
        )
    content = b"".join(answer) if answer.streaming else answer.content
    return flatten(content.decode())


def post_all(browser: Client, lab: Lab) -> Iterator[tuple[str, str]]:
    """Send what is refused: an answer that explains must not explain too much."""
    for name, args, said in (
        ("write", [], {"text": "", "channel": "police.shelter"}),
        ("propose", ["answer"], {"option": "none"}),
        ("seat", [], {"party": "nobody"}),
        ("sign", [], {"text": "none"}),
        ("go_on", [], {"to": "99"}),
    ):
        address = reverse(f"labs:{name}", args=[lab.pk, *args])
        answer = browser.post(address, said | make_form_key())
        yield f"POST {address}", flatten(answer.content.decode())


def find_leaks(
    lab: Lab,
    others: Mapping[str, Client],
    secrets: Mapping[str, list[str]],
    written: Mapping[str, frozenset[str]],
    *,
    read: Callable[[Lab, Client], Iterator[tuple[str, str]]] = read_much,
    briefs_are_shown: bool = False,
) -> list[str]:
    leaks = []
    for seat, browser in others.items():
        foreign = [
            piece
            for owner, pieces in secrets.items()
            if owner not in (seat, READS_ELSEWHERE.get(seat))
            and not (briefs_are_shown and owner != "mediator")
            for piece in pieces
        ]
        foreign += [words for words, readers in written.items() if seat not in readers]
        assert foreign
        for address, content in read(lab, browser):
            leaks += [
                f"{seat} reads {piece!r} at {address}"
                for piece in foreign
                if piece in content
            ]
    return leaks


def test_the_search_finds_what_is_there(lab, players, secrets, trainer):
    """Each seat finds its own brief and its own messages; so what is not found for
    another seat is not there."""
    play(lab, trainer, 4)
    written = write_everywhere(lab, players)
    assert len(written) == len(SEATS) + len(SEATS) * (len(SEATS) - 1)
    for seat in ("police", "hospital", "mediator"):
        player = players[seat]
        contents = dict(read_all(lab, given.sign_in(player)))
        everything = " ".join(contents.values())
        missing = [piece for piece in secrets[seat] if piece not in everything]
        assert not missing
        own = [words for words, readers in written.items() if seat in readers]
        assert own
        assert all(words in everything for words in own)


@pytest.mark.parametrize("to", [1, 4])
def test_nothing_reaches_another_in_a_round(lab, players, others, secrets, trainer, to):
    play(lab, trainer, to)
    written = write_everywhere(lab, players)
    assert written
    assert find_leaks(lab, others, secrets, written) == []


def test_nothing_reaches_another_on_any_page_in_a_round_of_offers(
    lab, players, others, secrets, trainer
):
    play(lab, trainer, 3)
    written = write_everywhere(lab, players)
    actions.propose(
        lab, "answer", option="hours12", words="At night too", by=players["police"]
    )
    # One of each sort: the other parties get the same pages.
    some = ("police", "mediator", "no seat", "leads", "at another table")
    readers = {name: others[name] for name in some}
    assert find_leaks(lab, readers, secrets, written, read=read_all) == []


def test_nothing_reaches_another_while_seats_are_taken(lab, players, others, secrets):
    assert not any(write_everywhere(lab, players).values())
    assert find_leaks(lab, others, secrets, {}) == []


def test_who_tries_one_seat_after_the_other_reads_no_brief(lab, watcher, secrets):
    browser = given.sign_in(watcher)
    for seat in SEATS:
        actions.take_seat(lab, seat, by=watcher)
        for page in ("table", "walk_away"):
            found = browser.get(reverse(f"labs:{page}", args=[lab.pk]))
            text = flatten(found.content.decode())
            assert [s for s in secrets[seat] if s in text] == [], (page, seat)


def test_nothing_reaches_another_in_a_break_or_when_one_has_left(
    lab, players, others, secrets, trainer, mediator
):
    play(lab, trainer, 3)
    actions.call_break(lab, by=players["shelter"])
    lab.refresh_from_db()
    written = write_everywhere(lab, players)
    assert find_leaks(lab, others, secrets, written) == []

    actions.walk_away(lab, why="It was found again", by=players["shelter"])
    lab.refresh_from_db()
    written |= write_everywhere(lab, players)
    assert find_leaks(lab, others, secrets, written) == []


def test_after_the_end_briefs_are_shown_and_channels_never(
    lab, players, others, secrets, seated, trainer
):
    play(lab, trainer, 3)
    written = write_everywhere(lab, players)
    agree(lab, seated)
    sign_all(lab, seated)
    written |= write_everywhere(lab, players)
    assert find_leaks(lab, others, secrets, written) == []

    actions.close(lab, by=trainer)
    lab.refresh_from_db()
    leaks = find_leaks(lab, others, secrets, written, briefs_are_shown=True)
    assert leaks == []
    browser = given.sign_in(seated["police"])
    page = get(browser, reverse("labs:table", args=[lab.pk]))
    assert any(piece in page for piece in secrets["shelter"])
    # The file is the same for each reader.
    file = get(browser, reverse("labs:text", args=[lab.pk]))
    assert "Words of answer" in file
    private = [*written, *(piece for pieces in secrets.values() for piece in pieces)]
    assert not [piece for piece in private if piece in file]


def test_a_file_can_keep_the_briefs_for_ever(
    lab, players, others, secrets, trainer, monkeypatch
):
    plain = load_content(lab.cohort.version).labs[lab.code]
    monkeypatch.setitem(plain["debrief"], "briefs", "kept")
    play(lab, trainer, 3)
    written = write_everywhere(lab, players)
    actions.break_down(lab, by=trainer)
    actions.close(lab, by=trainer)
    lab.refresh_from_db()
    assert find_leaks(lab, others, secrets, written) == []


def test_a_stream_does_not_even_count_what_others_write(lab, players, trainer):
    play(lab, trainer, 2)
    address = reverse("labs:stream", args=[lab.pk])
    legal, police = given.sign_in(players["legal"]), given.sign_in(players["police"])
    leads = given.sign_in(trainer)
    before = [get(browser, address) for browser in (legal, leads)]
    mine = get(police, address)

    actions.write_in_channel(lab, "police.shelter", "Alone", by=players["shelter"])

    assert [get(browser, address) for browser in (legal, leads)] == before
    assert get(police, address) != mine

"""Phrases that a mechanism has as sound are played beside their words."""

import shutil
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse

from amana import given
from amana.care.cases.models import Case
from amana.care.consent import recordings
from amana.care.consent.consent_text import WRITTEN, iterate_phrases
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.models import VersionFile
from amana.design.mechanism.pack.files import find_fault
from amana.trust.access.models import Role, Team, User

OGG = b"OggS\x00 a voice"


@pytest.mark.parametrize("language", WRITTEN)
def test_each_phrase_has_one_name(language: str) -> None:
    names = list(iterate_phrases(language))

    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("name", "content", "fits"),
    [
        ("consent/audio/ar/no.ogg", OGG, True),
        ("consent/audio/ar/no.mp3", b"ID3\x04", True),
        ("consent/audio/ar/no.m4a", b"\x00\x00\x00\x20ftypM4A ", True),
        ("consent/audio/ar/no.ogg", b"<script>", False),
        ("consent/audio/ar/no.mp3", OGG, False),
        ("consent/audio/ar/no.wav", b"RIFF\x24\x00\x00\x00WAVEfmt ", True),
        ("consent/audio/ar/no.wav", OGG, False),
        ("consent/audio/../no.ogg", OGG, False),
        ("consent/audio/ar/no.ogg", OGG * 2**20, False),
    ],
)
def test_a_pack_takes_sound_that_is_sound_and_small(
    name: str, content: bytes, fits: bool
) -> None:
    assert (find_fault(name, content) is None) == fits


def test_a_recorded_phrase_is_played_and_others_are_not(
    case: Case, shelter: Team, worker: User, tmp_path: Path
) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(settings.ROOT / "mechanisms/district-health", pack)
    (pack / "consent/audio/en").mkdir(parents=True)
    (pack / "consent/audio/en/no.ogg").write_bytes(OGG)
    mechanisms.adopt_shipped(pack, by=given.make_worker(role=Role.COORDINATOR))
    browser = given.sign_in(worker)
    url = reverse("consent:question", args=[case.pk, shelter.pk, "justice"])

    page = browser.get(url).content.decode()
    sound = VersionFile.objects.get(path="consent/audio/en/no.ogg")
    other = VersionFile.objects.get(path="mechanism.yaml")
    played = browser.get(reverse("consent:recording", args=[sound.pk]))

    assert page.count("<audio") == 1
    assert 'preload="none"' in page
    assert "13\xa0bytes" in page  # what it costs to hear it
    assert reverse("consent:recording", args=[sound.pk]) in page
    assert played["Content-Type"] == "audio/ogg"
    assert played.content == OGG
    part = browser.get(
        reverse("consent:recording", args=[sound.pk]), headers={"Range": "bytes=0-3"}
    )
    assert (part.status_code, part.content) == (206, b"OggS")
    there = reverse("consent:recording", args=[other.pk])
    assert browser.get(there).status_code == 404


def test_of_two_mechanisms_in_force_the_later_recording_is_played(
    worker: User, tmp_path: Path
) -> None:
    by = given.make_worker(role=Role.COORDINATOR)
    for name in ("example", "district-health"):
        pack = tmp_path / name
        shutil.copytree(settings.ROOT / "mechanisms" / name, pack)
        (pack / "consent/audio/en").mkdir(parents=True)
        (pack / "consent/audio/en/no.ogg").write_bytes(OGG + name.encode())
        mechanisms.adopt_shipped(pack, by=by)

    text: Any = SimpleNamespace(language="en")
    [sound] = recordings.map_sounds(text).values()

    assert given.sign_in(worker).get(sound.url).content == OGG + b"district-health"


def test_the_check_names_a_recording_that_nobody_would_hear(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(settings.ROOT / "mechanisms/district-health", pack)
    audio = pack / "consent/audio/en"
    audio.mkdir(parents=True)
    (audio / "no.wav").write_bytes(given.make_sound())
    call_command("pack", "check", pack, verbosity=0)

    (audio / "nno.wav").write_bytes(given.make_sound())
    wrong = StringIO()
    with pytest.raises(CommandError, match="1 to fix"):
        call_command("pack", "check", pack, stderr=wrong)
    assert (
        "consent/audio/en/nno.wav: The consent text in “en” has no phrase"
        in wrong.getvalue()
    )

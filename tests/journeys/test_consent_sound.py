"""A recorded phrase of the consent text is heard, and costs nothing before that."""

import shutil
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from amana import given
from amana.design.mechanism import actions as mechanisms
from amana.trust.access.models import Role
from amana.trust.vault.models import TeamKey

pytestmark = pytest.mark.django_db(transaction=True)

PLAYED = """async sound => {
    await sound.play();
    await new Promise(ended => sound.addEventListener('ended', ended));
    return sound.duration;
}"""


def test_a_phrase_is_played_in_the_browser(
    sign_in: Any, accessible: Any, tmp_path: Any
) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(settings.ROOT / "mechanisms/district-health", pack)
    audio = pack / "consent/audio/ar"
    audio.mkdir(parents=True)
    (audio / "no.wav").write_bytes(given.make_sound(seconds=0.3))
    mechanisms.adopt_shipped(pack, by=given.make_worker(role=Role.COORDINATOR))
    worker = given.make_worker()
    case = given.make_case(worked_on_by=worker, identity_languages=["ar"])
    shelter = given.make_worker(role=Role.FOCAL_POINT).memberships.get().team
    assert TeamKey.objects.filter(team=shelter).exists()
    page = sign_in(worker, language="ar")
    page.set_viewport_size({"width": 360, "height": 740})
    heard: list[str] = []
    page.on("request", lambda asked: heard.append(asked.url))
    about = [case.pk, shelter.pk, "coordination"]
    page.goto(reverse("consent:question", args=about))

    player = page.locator("audio").first
    assert not [url for url in heard if "recordings" in url]
    player.scroll_into_view_if_needed()
    assert player.bounding_box()["width"] <= 360
    assert abs(player.evaluate(PLAYED) - 0.3) < 0.05
    accessible(page)

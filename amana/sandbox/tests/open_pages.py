"""Pages of an exercise that are open in a browser and ask by themselves, for the
program `played.py`."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amana.academy.sandboxes.relay import ACCOUNT
from amana.sandbox import act_log, stage
from amana.sandbox.awaited_answers import AwaitedAnswer, list_awaited
from amana.sandbox.stage import Stage
from amana.trust.access.http import BY_ITSELF
from amana.trust.access.models import User

MINUTE = timedelta(minutes=1)
LATE = ">late<"
ASKS = re.compile(r'id="exercise-clock" hx-get="([^"]+)"')


class OpenPage:
    """A page in a browser of an account."""

    def __init__(self, account: str, address: str) -> None:
        self.browser, self.account, self.asked = Client(), account, 0
        self.words = ""
        self.address = address
        self.get()

    def get(self, **headers: str) -> Any:
        """Ask for the page, or by itself for what is new in it."""
        with CaptureQueriesContext(connection) as asked:
            answer = self.browser.get(
                self.address, headers={ACCOUNT: self.account, **headers}
            )
        self.asked = len(asked)
        self.words = unescape(answer.content.decode())
        if found := ASKS.search(self.words):
            self.address = found[1].removeprefix(settings.FORCE_SCRIPT_NAME)
        return answer

    def poll(self) -> str:
        """Ask as an open page does, and return what came."""
        answer = self.get(**{BY_ITSELF: "1", "HX-Request": "true"})
        if answer.status_code == 204:
            return "nothing"
        assert answer.status_code == 200
        if answer.headers.get("HX-Retarget") == "#exercise-clock":
            assert 'id="news"' not in self.words
            return "time"
        assert 'id="news"' in self.words
        return "news"


class WallClock:
    """Our own clock, which runs only as far as it is moved."""

    def __init__(self, now: Stage) -> None:
        self.stage = now
        self.at = datetime.now(UTC) + MINUTE
        setattr(stage, "read_wall_time", lambda: self.at)  # noqa: B010
        now.set_speed(1)

    def pass_time(self, span: timedelta) -> None:
        self.at += span / self.stage.speed


def poll_pages(now: Stage, worker: User) -> dict[str, Any]:
    """Open a desk, a sheet and the board, and note what each gets after what."""
    wall = WallClock(now)
    pages = [
        OpenPage("guard-1", "/exercise/"),
        OpenPage("the-observers-1", "/exercise/observe/"),
        OpenPage("control", "/exercise/board/"),
    ]
    built = [page.asked for page in pages]

    def poll() -> list[str]:
        return [page.poll() for page in pages]

    poll()  # what the log keeps of a sign-in comes after the page
    found: dict[str, Any] = {"nothing": poll()}
    queries = [page.asked for page in pages]
    found["fewer"] = [few < many for few, many in zip(queries, built, strict=True)]
    wall.pass_time(MINUTE)
    found |= {"a minute": poll(), "again": poll()}
    act_log.record_act("seen.alone", {"person": "samir"}, by=worker)
    found["an act"] = poll()
    now.note("Talk about it")
    found["a note"] = poll()
    before = pages[-1].words.count(LATE)
    first = min(answer.until for answer in list_awaited() if not answer.is_late)
    wall.pass_time(first - now.now() + timedelta(seconds=1))
    found["late"] = poll()
    found["more late"] = pages[-1].words.count(LATE) - before
    now.set_speed(0)
    found["stopped"] = poll()
    return found


def describe_awaited(answer: AwaitedAnswer) -> list[object]:
    minutes = (answer.until - answer.since) // MINUTE
    return [answer.sender, answer.recipient, answer.what, minutes]

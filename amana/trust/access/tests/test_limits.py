"""Tries are counted for all processes together."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from amana.trust.access.limits import SharedMemory, forget_expired
from amana.trust.access.models import Remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
def memory():
    return SharedMemory("", {})


def test_what_was_set_is_there_until_its_time(memory, monkeypatch):
    memory.set("a", [1.5, 2.5], timeout=60)
    memory.set("a", [3.5], timeout=60)
    there = memory.get("a")
    after = timezone.now() + timedelta(seconds=61)
    monkeypatch.setattr(timezone, "now", lambda: after)

    assert there == [3.5]
    assert memory.get("a", "nothing") == "nothing"


def test_only_the_first_can_add(memory):
    assert memory.add("a", 1, timeout=60)
    assert not memory.add("a", 2, timeout=60)
    assert memory.get("a") == 1


def test_what_has_expired_can_be_added_again(memory, monkeypatch):
    memory.add("a", 1, timeout=60)
    after = timezone.now() + timedelta(seconds=61)
    monkeypatch.setattr(timezone, "now", lambda: after)

    assert memory.add("a", 2, timeout=60)
    assert memory.get("a") == 2


def test_deleting_and_touching(memory):
    memory.set("a", 1, timeout=None)

    assert memory.touch("a", 5)
    assert memory.delete("a")
    assert not memory.delete("a")
    assert not memory.touch("a", 5)


def test_what_expired_is_forgotten_for_good(memory):
    memory.set("old", 1, timeout=-1)
    memory.set("new", 1, timeout=60)

    assert forget_expired() == 1
    assert Remembered.objects.count() == 1


TRY = """
import sys, django
django.setup()
from django.core.cache import caches
from django.http import HttpRequest
from allauth.core import ratelimit
from allauth.core.context import request_context
request = HttpRequest()
request.method, request.META["REMOTE_ADDR"] = "POST", "10.0.0.1"
request.user = None
with request_context(request):
    who = {"action": "login_failed", "key": "someone@example.org"}
    print(sum(ratelimit.consume(request, **who) for _ in range(6)))
"""


@pytest.mark.django_db(transaction=True)
def test_four_processes_together_have_five_tries(tmp_path: Path):
    """Real processes on a database that they share, all trying at the same moment."""
    if connection.vendor == "sqlite":
        url = f"sqlite:///{tmp_path}/shared.sqlite3"
        make_table(url)
    else:
        url = url_of_test_database()
    environment = os.environ | {"DATABASE_URL": url, "AMANA_VAR": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "amana.settings"
    environment.pop("AMANA_DEMO", None)

    def try_six_times(_process: int) -> int:
        said = subprocess.run(
            [sys.executable, "-c", TRY],
            env=environment,
            cwd=settings.ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, said.stderr
        return int(said.stdout)

    with ThreadPoolExecutor(4) as pool:
        allowed = list(pool.map(try_six_times, range(4)))

    assert sum(allowed) == 5


def make_table(url: str) -> None:
    code = (
        "import django; django.setup();"
        "from django.db import connection as c;"
        "from amana.trust.access.models import Remembered;"
        "e = c.schema_editor(); e.__enter__(); e.create_model(Remembered);"
        "e.__exit__(None, None, None)"
    )
    environment = os.environ | {"DATABASE_URL": url}
    environment["DJANGO_SETTINGS_MODULE"] = "amana.settings"
    subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=settings.ROOT, check=True
    )


def url_of_test_database() -> str:
    from urllib.parse import quote

    told = connection.settings_dict
    login = f"{quote(told['USER'])}:{quote(told['PASSWORD'])}"
    host = told["HOST"]
    if host.startswith("/"):
        return f"postgresql://{login}@/{told['NAME']}?host={quote(host)}"
    return f"postgresql://{login}@{host}:{told['PORT']}/{told['NAME']}"

"""Tries are counted for all processes together (P32)."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from amana.trust.access.limits import SharedMemory, forget_expired
from amana.trust.access.models import ShortLivedValue

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
    assert ShortLivedValue.objects.count() == 1


TRY = """
import os, sys, django
django.setup()
from django.db import connection
from django.http import HttpRequest
from allauth.core import ratelimit
from allauth.core.context import request_context
from amana.trust.access.models import ShortLivedValue
from tests.mutants.beside import plant_if_asked

plant_if_asked()
if connection.vendor == "sqlite":
    with connection.schema_editor() as editor:
        editor.create_model(ShortLivedValue)
connection.close()

def try_six_times():
    request = HttpRequest()
    request.method, request.META["REMOTE_ADDR"] = "POST", "10.0.0.1"
    request.user = None
    with request_context(request):
        who = {"action": "login_failed", "key": "someone@example.org"}
        return sum(bool(ratelimit.consume(request, **who)) for _ in range(6))

waiting, start = os.pipe()
children = []
for _ in range(4):
    child = os.fork()
    if child == 0:
        os.close(start)
        os.read(waiting, 1)  # until all are there
        os.write(1, b"%d\\n" % try_six_times())
        os._exit(0)
    children.append(child)
os.close(start)
sys.exit(sum(os.waitpid(child, 0)[1] for child in children))
"""


@pytest.mark.django_db(transaction=True)
def test_four_processes_together_have_five_tries(tmp_path: Path):
    """Real processes on a database that they share, all trying at the same moment."""
    if connection.vendor == "sqlite":
        url = f"sqlite:///{tmp_path}/shared.sqlite3"
    else:
        url = url_of_test_database()
    environment = os.environ | {"DATABASE_URL": url, "AMANA_VAR": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "amana.settings"
    environment.pop("AMANA_DEMO", None)

    said = subprocess.run(
        [sys.executable, "-c", TRY],
        env=environment,
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stderr
    allowed = [int(line) for line in said.stdout.split()]
    assert len(allowed) == 4
    assert sum(allowed) == 5


def url_of_test_database() -> str:
    from urllib.parse import quote

    told = connection.settings_dict
    login = f"{quote(told['USER'])}:{quote(told['PASSWORD'])}"
    host = told["HOST"]
    if host.startswith("/"):
        return f"postgresql://{login}@/{told['NAME']}?host={quote(host)}"
    return f"postgresql://{login}@{host}:{told['PORT']}/{told['NAME']}"

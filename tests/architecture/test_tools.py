"""What `./run` brings works, and leaves nothing behind."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.architecture.code import ROOT
from tools import chromium
from tools.postgres import postgres

JUST = Path(sys.executable).with_name("just")


def test_a_postgresql_comes_and_goes_without_a_port() -> None:
    with postgres() as url:
        home = Path(url.partition("host=")[2])
        with psycopg.connect(url) as connection:
            [version] = connection.execute("SHOW server_version_num").fetchone() or [0]
            [listens] = connection.execute("SHOW listen_addresses").fetchone() or ["?"]
        assert int(version) >= 180000
        assert listens == ""
        if os.geteuid() == 0:
            assert home.stat().st_uid != 0
    assert not home.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_journey_without_a_browser_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(chromium, "playwrights", lambda: None)
    with pytest.raises(chromium.NoChromium, match="need chromium"):
        chromium.find()


def test_any_browser_will_do_where_debians_cannot_be_had(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = {"chromium": "/usr/bin/chromium"}
    monkeypatch.setattr(shutil, "which", there.get)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(chromium, "see_that_playwright_runs", lambda: None)
    assert chromium.bring() == "/usr/bin/chromium"

    there[chromium.WITHOUT_WINDOWS] = "/usr/bin/shell"
    assert chromium.bring() == chromium.find() == "/usr/bin/shell"


def test_every_recipe_says_what_it_does() -> None:
    dumped = subprocess.run(
        [JUST, "--dump", "--dump-format", "json"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    recipes = json.loads(dumped.stdout)["recipes"]
    assert {"demo", "test", "check"} <= recipes.keys()
    assert [
        name
        for name, recipe in recipes.items()
        if not recipe["private"] and not (recipe["doc"] or "").endswith(".")
    ] == []


def test_what_starts_everything_can_be_started() -> None:
    assert os.access(ROOT / "run", os.X_OK)
    assert os.access(ROOT / ".ci/run", os.X_OK)

import os

import pytest
from django.core.management.base import CommandError

from amana.demo.management.commands.demo import BEGUN, Command


def test_the_demo_removes_nothing_that_is_not_a_demo(settings, tmp_path):
    settings.VAR = tmp_path
    real = tmp_path / "amana.sqlite3"
    real.write_text("real people")

    with pytest.raises(CommandError, match="not a demo"):
        Command().clear()
    assert real.exists()


def test_the_demo_leaves_another_database_alone(settings, tmp_path):
    settings.VAR = tmp_path
    (tmp_path / BEGUN).touch()
    real = tmp_path / "amana.sqlite3"
    real.write_text("real people")

    with pytest.raises(CommandError, match="unset DATABASE_URL"):
        Command().clear()
    assert real.exists()


def test_what_the_demo_issues_speaks_of_the_port_on_which_it_is_served(
    settings, monkeypatch
):
    monkeypatch.delenv("ADDRESS", raising=False)
    Command().use_address(8040)
    assert settings.ADDRESS == os.environ["ADDRESS"] == "http://localhost:8040"

    monkeypatch.setenv("ADDRESS", "https://demo.example.org")
    settings.ADDRESS = "https://demo.example.org"
    Command().use_address(8040)
    assert settings.ADDRESS == "https://demo.example.org"

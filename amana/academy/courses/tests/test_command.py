"""`course check` says what is wrong, and where, or that it can be published."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from amana.academy.courses.tests.courses import FILES


@pytest.fixture
def folder(tmp_path):
    for name, words in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(words)
    return tmp_path


def test_a_sound_course_can_be_published(folder, capsys):
    call_command("course", "check", folder)

    said = capsys.readouterr().out
    assert "A small course can be published: 2 modules, 3 lessons" in said
    assert "not translated into “fr”. (to review)" in said


def test_a_faulty_one_is_told_with_file_and_line(folder, capsys):
    test = folder / "modules/1-consent/test.yaml"
    test.write_text(test.read_text().replace("draw: 20", "draw: 40"))

    with pytest.raises(CommandError, match="1 to fix"):
        call_command("course", "check", folder)

    said = capsys.readouterr().err
    assert said.startswith("modules/1-consent/test.yaml:2: The bank has 100 questions")


def test_a_table_says_what_teaches_and_assesses_each_objective(folder, capsys):
    call_command("course", "map", folder)

    said = capsys.readouterr().out
    assert (
        "| **O2** Know the three elements | m2/01-three-elements | 101 | 100 | – |"
        in said
    )
    assert "| **m1** Consent |" in said
    assert "20 of 100, 12 critical |" in said


def test_of_a_faulty_course_there_is_no_table(folder):
    (folder / "modules/1-consent/test.yaml").unlink()

    with pytest.raises(CommandError, match="first"):
        call_command("course", "map", folder)


def test_a_folder_that_isnt_a_course_is_told(tmp_path, capsys):
    with pytest.raises(CommandError):
        call_command("course", "check", tmp_path)

    assert "not a course" in capsys.readouterr().err


def test_a_bundle_is_written_from_a_folder(folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("stick")

    call_command("course", "bundle", folder, out, stdout=StringIO())

    for language in ("en", "fr"):
        assert (out / language / "index.html").is_file()
        page = (out / language / "m1-01-asking-first.html").read_text()
        assert "http-equiv" in page
        wanted = re.findall(r'(?:src|href)="(files/[^"]+|[\w.-]+\.html)"', page)
        assert len(wanted) > 5
        assert [
            address for address in wanted if not (out / language / address).is_file()
        ] == []


def test_a_course_with_a_fault_makes_no_bundle(folder, tmp_path_factory):
    (folder / "course.yaml").write_text("slug: small")
    out = tmp_path_factory.mktemp("stick")

    with pytest.raises(CommandError, match="to fix"):
        call_command("course", "bundle", folder, out)

    assert not list(out.iterdir())

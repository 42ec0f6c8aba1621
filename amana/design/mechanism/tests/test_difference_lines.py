import pytest
from django.utils import translation

from amana.design.mechanism import difference_lines, writing
from amana.design.mechanism.outline import Outline, build_outline
from amana.design.mechanism.pack import reading
from amana.design.mechanism.pack.differences import list_differences
from amana.design.mechanism.pack.tests.test_differences import FILES

ARABIC = "البتّ في وجود أسباب معقولة"


def with_words(path: str, was: str, now: str) -> dict[str, bytes]:
    content = FILES[path].decode()
    assert was in content
    return {**FILES, path: content.replace(was, now, 1).encode()}


def seen(files: dict[str, bytes]) -> Outline:
    names = [name for name in files if name.endswith(".yaml")]
    return build_outline(
        {name: writing.read_plain(files, name) for name in names}, files
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_different_is_said_in_the_language_of_the_reader(language):
    was = "gives: {grounds: [yes, no, more]}\n    due: P5B"
    files = with_words("pathway.yaml", was, was.replace("P5B", "P10B"))
    old, new = reading.read_pack(FILES)[0], reading.read_pack(files)[0]
    assert old
    assert new
    found = list_differences(old, new)

    with translation.override(language):
        [group] = difference_lines.group_differences(found, seen(FILES), seen(files))
    [line] = group.lines
    assert str(group.title)
    if language == "en":
        assert line == (
            "“Decide whether there are reasonable grounds”: Identification authority "
            "now has 10 working days (previously 5 working days)."
        )
    else:
        assert ARABIC in line


def test_a_message_is_named_in_the_language_of_the_reader():
    """In a wait, in a notification and in what interrupts a case."""
    files = {
        path: content.replace(b"consent_withdrawn", b"person_missing")
        for path, content in FILES.items()
    }
    old, new = reading.read_pack(FILES)[0], reading.read_pack(files)[0]
    assert old
    assert new
    found = list_differences(old, new)

    with translation.override("fr"):
        groups = difference_lines.group_differences(found, seen(FILES), seen(files))
    lines = [line for group in groups for line in group.lines]
    assert any("La personne retire son consentement" in line for line in lines)
    assert not any("consent withdrawn" in line for line in lines)


def test_every_difference_between_the_two_packs_can_be_said():
    from amana.design.mechanism.pack import files
    from amana.design.mechanism.pack.tests.packs import DISTRICT

    other = files.read_folder(DISTRICT)
    old, new = reading.read_pack(FILES)[0], reading.read_pack(other)[0]
    assert old
    assert new
    found = list_differences(old, new)

    groups = difference_lines.group_differences(found, seen(FILES), seen(dict(other)))
    lines = [line for group in groups for line in group.lines]
    assert len(lines) == len(found)
    assert all(line and "%(" not in line for line in lines)

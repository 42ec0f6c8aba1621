"""YAML holds plain values; what YAML could do besides is refused."""

import time

import pytest

from amana.yaml_files import yamls


def refused(words, file="x.yaml"):
    content = words if isinstance(words, bytes) else words.encode()
    with pytest.raises(yamls.UnreadableYAML) as error:
        yamls.read_yaml(file, content)
    return str(error.value.fault)


def test_values_are_those_of_yaml_1_2():
    words = "a: yes\nb: no\nc: 08:00\nd: 2026-01-02\ne: true\nf: '5'\ng: 5\nh: 0.5\n"
    words += "i:\nj: 010\n"

    assert yamls.read_yaml("x.yaml", words.encode()).plain == {
        "a": "yes", "b": "no", "c": "08:00", "d": "2026-01-02", "e": True, "f": "5",
        "g": 5, "h": 0.5, "i": None, "j": "010",
    }  # fmt: skip


def test_each_place_has_its_line():
    source = yamls.read_yaml(
        "x.yaml", b"# words\na:\n  b: 1\n  c:\n    - x\n    - y: 2\n"
    )

    assert source.line("a") == 2
    assert source.line("a", "c", 1, "y") == 6
    assert source.line("a", "c", 1, "z") == 6
    assert source.line("nowhere") == 2


def test_a_billion_laughs_are_refused_at_the_first():
    laughs = "a: &a [ha, ha]\n" + "\n".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]"
        for n in range(20)
    )
    assert refused(laughs).startswith("x.yaml:1: Anchors")
    assert "Anchors" in refused("a: *b")
    assert "Anchors" in refused("<<: *b")


@pytest.mark.parametrize(
    "words",
    [
        "!!python/object/apply:os.system ['id']",
        "a: !!python/name:os.system",
        "a: !!binary aGk=",
        "a: ! b",
        "!<tag:yaml.org,2002:python/module:os> x",
    ],
)
def test_a_tag_builds_nothing(words):
    assert "Tags" in refused(words)


@pytest.mark.parametrize(
    "words",
    [
        "[" * 100_000,
        "{" * 100_000,
        "- " * 100_000,
        "\n".join("  " * n + "a:" for n in range(500)),
        "[" * 17 + "]" * 17,
    ],
)
def test_what_goes_too_deep_is_refused_at_once(words):
    begun = time.thread_time()  # its own work alone, however busy the machine
    assert "too deep" in refused(words)
    assert time.thread_time() - begun < 1


def test_what_says_too_much_is_refused():
    assert "has too many values" in refused("a:\n" + "- b\n" * (yamls.MOST_VALUES + 1))


@pytest.mark.parametrize(
    ("words", "line", "sentence"),
    [
        ("a: 1\nb: 2\na: 3", 3, "“a” appears twice; the first is on line 1."),
        ("a: {b: 1, b: 2}", 1, "“b” appears twice"),
        ("? [a]\n: 1", 1, "one word or code"),
        ("---\na: 1\n---\nb: 2", 3, "one document"),
        ("a: b: c", 1, "There is a colon inside a text"),
        ("a:\n\t- b", 2, "never with tabs"),
        ("a: @b", 1, "can’t begin with this character"),
        ('a: 1\nb: "x', 2, "never closed"),
        ("a: [1, 2", 2, "bracket"),
        ("a: 1\n b: 2", 2, "colon"),
        ("a: \x01", 1, "can’t be displayed"),
        (b"a: \xff", 1, "not text in UTF-8"),
        ("a: x\nb: \u202ey", 2, "reverses the direction of the text"),
        ('a: x\nb: "\\u202ey"', 2, "reverses the direction of the text"),
        ('a: x\n"b\\u202e": y', 2, "reverses the direction of the text"),
        ('a: x\nb: "\\0"', 2, "can’t be displayed"),
        ('a: "x\\v"', 1, "can’t be displayed"),
    ],
)
def test_a_mistake_is_told_in_its_authors_words(words, line, sentence):
    fault = refused(words)

    assert fault.startswith(f"x.yaml:{line}: "), fault
    assert sentence in fault


def test_nothing_that_can_be_typed_ends_otherwise():
    """Whatever bytes come: a source, or one fault."""
    import random

    signs = "ab:-[]{}&*!|>%@`'\"#,? \n\t~<.0é\u202e\x00"
    chance = random.Random(7)
    faults = 0
    for _ in range(3000):
        words = "".join(chance.choices(signs, k=chance.randrange(1, 40)))
        try:
            yamls.read_yaml("x.yaml", words.encode())
        except yamls.UnreadableYAML:
            faults += 1
    assert 0 < faults < 3000

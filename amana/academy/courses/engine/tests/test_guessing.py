"""A learner who reads nothing passes no test; a bank that gives its answers away is
refused, with the rule by which it does."""

import random
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from amana.academy.courses.engine import course_content, guessing, marking, reading
from amana.academy.courses.engine.guessing import GuessedQuestion
from amana.academy.courses.engine.references import bank_checks
from amana.academy.courses.tests.courses import BANK, small_course, spoilt

type Said = dict[str, Any]

TEST, FILE = "modules/1-consent/test.yaml", "modules/1-consent/bank.yaml"
FRENCH = "modules/1-consent/fr/bank.yaml"


def find(files: dict[str, bytes], name: str) -> list[str]:
    """List the faults of a file, in English."""
    faults = reading.read_course(files).faults
    return [str(fault) for fault in faults if fault.file == name]


def change_bank(change: Callable[[int, Said], None]) -> dict[str, bytes]:
    """Change each question of the bank, with its number."""
    bank = yaml.safe_load(BANK)
    for number, question in enumerate(bank):
        change(number, question)
    return small_course(**{FILE: yaml.safe_dump(bank, allow_unicode=True)})


def test_a_bank_of_which_nothing_gives_an_answer_away_is_accepted():
    assert not reading.read_course(small_course()).faults


def get_right(question: Said) -> Said:
    return next(option for option in question["options"] if option.get("right"))


def make_longest(_number: int, question: Said) -> None:
    get_right(question)["text"] += " too"


def make_shortest(_number: int, question: Said) -> None:
    for option in question["options"]:
        option["text"] += " first" if not option.get("right") else " yes"


def put_first(_number: int, question: Said) -> None:
    question["options"].sort(key=lambda option: not option.get("right"))


def put_last(_number: int, question: Said) -> None:
    question["options"].sort(key=lambda option: bool(option.get("right")))


def repeat_the_question(number: int, question: Said) -> None:
    question["text"] = f"What would a wise neighbour do in case {number}?"
    for at, option in enumerate(question["options"]):
        words = "a wise neighbour" if option.get("right") else "another passenger"
        option["text"] = f"Ask {words} {'abcd'[at]} {number}"


def be_careful(_number: int, question: Said) -> None:
    for option in question["options"]:
        option["text"] += " perhaps" if option.get("right") else " at once"


def be_absolute(_number: int, question: Said) -> None:
    for option in question["options"]:
        option["text"] += " quietly" if option.get("right") else " always"


def be_alike(number: int, question: Said) -> None:
    for at, option in enumerate(question["options"]):
        names = ("Amina", "Bruno", "Chloe", "David")
        said = [f"tell {names[at]}"]
        if option.get("right"):
            said = [f"tell {name}" for name in names]
        option["text"] = f"{number}: " + " or ".join(said).ljust(60, ".")


def count_up(_number: int, question: Said) -> None:
    for option in question["options"]:
        option["text"] += (
            " 3 times, 2 days" if option.get("right") else " in a while, yes"
        )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (make_longest, "The longest option is right in 100 of 100 questions"),
        (make_shortest, "The shortest option is right in 100 of 100 questions"),
        (put_first, "The first option in the file is right in 100 of 100"),
        (put_last, "The last option in the file is right in 100 of 100"),
        (repeat_the_question, "repeats most words of the question is right in 100"),
        (be_careful, "The option with the most words such as “may” is right in 100"),
        (
            be_absolute,
            "The option with the fewest words such as “always” is right in 100",
        ),
        (be_alike, "The option that is most like the others is right in 100"),
        (count_up, "The option with most numbers is right in 100 of 100"),
    ],
)
def test_a_rule_that_finds_the_answers_is_named(change, said):
    assert any(said in fault for fault in find(change_bank(change), FILE)), find(
        change_bank(change), FILE
    )


def test_a_bank_is_refused_in_a_translation_that_gives_it_away():
    bank = yaml.safe_load(BANK)
    words = {
        question["id"]: {
            "text": f"Que faites-vous ({number}) ?",
            "options": [
                "Demander d’abord" if option.get("right") else "Appeler vite"
                for option in question["options"]
            ],
        }
        for number, question in enumerate(bank)
    }
    files = small_course(**{FRENCH: yaml.safe_dump(words, allow_unicode=True)})
    assert any(
        "The longest option is right in 100" in said for said in find(files, FRENCH)
    )


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("draw: 20", "draw: 21", "A test that draws 21 needs at least 105"),
        ("critical: 2", "critical: 3", "The bank has 12 critical questions"),
        ("critical: 2", "critical: 30", "can’t be asked in a test that draws 20"),
        (
            "pass_share: 0.75",
            "pass_share: 0.7",
            "One in 33885 passes this test",
        ),
        ("draw: 20", "draw: 10", "passes this test by luck alone"),
    ],
)
def test_a_test_that_luck_or_patience_passes_is_refused(was, becomes, said):
    found = find(spoilt(TEST, was, becomes), TEST)
    assert any(said in fault for fault in found), found


def test_a_test_without_a_bank_is_refused():
    files = small_course()
    del files[FILE]
    assert any("no bank.yaml" in fault for fault in find(files, TEST))


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("Ask the police 001", "Ask the police", ""),
        ("Ask the police 001", "Ask the police of this town 001", "has 31 characters"),
        ("Ask the police 001", "None of the above", "“none of the above” speaks"),
        ("Ask the police 001", "Ask the guards 001", "same text"),
        (", right: true", "", "Exactly one option has to be right here, not 0"),
        ("source: who-2003", "source: nowhere", "There is no source “nowhere”"),
        ("competency: RM-1", "competency: RM-9", "There is no competency “RM-9”"),
        ("id: m1-b002", "id: m1-b001", "“m1-b001” appears twice"),
    ],
)
def test_a_fault_in_one_question_is_named_with_its_line(was, becomes, said):
    faults = [
        fault
        for fault in reading.read_course(spoilt(FILE, was, becomes)).faults
        if fault.file == FILE
    ]
    assert bool(said) == bool(faults), faults
    assert all(said in str(fault) and fault.line for fault in faults)


def test_other_endings_are_a_remark():
    files = spoilt(FILE, "Ask the police 001", "Ask the police 01.")
    checked = reading.read_course(files)
    assert not checked.faults
    assert [r.line for r in checked.remarks if "full stop" in str(r)]


# -- who guesses -----------------------------------------------------------------------


def guess_by_lot(question: GuessedQuestion, rng: random.Random) -> int:
    return rng.randrange(len(question.options))


COURSE = course_content.build_course(reading.read_course(small_course()).compiled)


def test_no_rule_passes_a_sound_test_in_200_tries_and_knowledge_does():
    module, rng = COURSE.modules[0], random.Random(7)
    rules = guessing.list_rules("en")
    assert len(rules) == 11
    for rule in rules:
        for number in range(200):
            answers = {
                id: [follow(rule, module.questions[id], rng)]
                for id in marking.choose_questions(module.test, str(number))
            }
            assert not marking.mark_test(module, str(number), answers).passed
    known = {id: sorted(q.right) for id, q in module.questions.items()}
    assert all(marking.mark_test(module, str(n), known).passed for n in range(200))


def follow(
    rule: guessing.GuessingRule, question: course_content.Question, rng: random.Random
) -> int:
    """Choose as someone does who follows a rule, by lot where it is undecided."""
    asked = question.texts["en"]
    options = tuple(option.text for option in asked.options)
    rated = rule.rate(GuessedQuestion(asked.text, options, 0))
    best = [at for at, value in enumerate(rated) if value == max(rated)]
    return rng.choice(best)


def test_luck_is_computed_as_it_comes():
    rng = random.Random(3)
    tries = 20_000
    passed = sum(sum(rng.random() < 0.25 for _ in range(8)) >= 4 for _ in range(tries))
    assert guessing.compute_luck(8, 4, 0.25) == pytest.approx(passed / tries, abs=0.01)
    assert guessing.compute_luck(20, 15, 0.25) < bank_checks.LUCKIEST


def test_a_language_without_word_lists_has_the_other_rules():
    assert len(guessing.list_rules("sw")) == 9
    for words in guessing.read_cue_words().values():
        assert {*words} == {"absolute", "careful", "beyond"}
        assert all(words.values())

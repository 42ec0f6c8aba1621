"""Answers by chance, as a person might give them who reads nothing."""

from random import Random

from amana.design.forms.engine.filling import build_key
from amana.design.forms.engine.form_model import FILES, Form, Question

TEXTS = ['a <b> & "c"', "نص عربي", "l'été", "two  spaces", "12"]
DAYS = ["2026-11-01", "2024-02-29", "2031-01-01"]


def random_answers(form: Form, chance: Random) -> dict[str, str]:
    answers: dict[str, str] = {}
    counts = {
        name: chance.randint(0, 2) for name, g in form.groups.items() if g.repeats
    }
    answers |= {name: str(count) for name, count in counts.items()}
    for name, question in form.questions.items():
        if not question.is_answered or question.kind in FILES:
            continue
        repeats = form.repeats_above[name]
        for place in [()] if not repeats else [(at,) for at in range(2)]:
            if chance.random() < 0.75:
                answers[build_key(name, place)] = random_answer(question, chance)
    for group in form.groups.values():
        # How often a form asks for itself stays small.
        for name in group.depends_on & set(form.questions):
            if group.count is not None and form.questions[name].kind == "integer":
                answers[name] = str(chance.randint(0, 2))
    return answers


def random_answer(question: Question, chance: Random) -> str:
    match question.kind:
        case "select_one":
            return chance.choice(question.choices).name
        case "select_multiple":
            return " ".join(c.name for c in question.choices if chance.random() < 0.3)
        case "integer":
            return str(chance.choice([-1, 0, 3, 12, 17, 18, 35, 120]))
        case "range":
            return str(chance.randint(0, 10))
        case "decimal":
            return str(chance.choice([0, 0.5, 1.25, 3.75, 37.5, 225]))
        case "date":
            return chance.choice(DAYS)
        case "time":
            return "14:30:00.000+00:00"
        case "acknowledge":
            return chance.choice(["OK", ""])
        case "geopoint":
            return "36.8 10.18 5.5 3.5"
    return chance.choice(TEXTS)

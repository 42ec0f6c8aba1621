"""A small course of two modules, and ways to spoil it."""

from collections.abc import Mapping
from hashlib import sha256

from amana.academy.courses.engine.marking import Given

DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">
  <title>Two circles that touch</title>
  <circle cx="3" cy="5" r="2"/><circle cx="7" cy="5" r="2"/>
</svg>
"""

COURSE = """\
slug: small
version: 1
title: {en: A small course, fr: Un petit cours}
summary: {en: For tests., fr: Pour les tests.}
languages: [en, fr]
licence: CC BY-SA 4.0
review: A draft.
objectives:
  - {code: O1, text: Ask before sharing}
  - {code: O2, text: Know the three elements}
competencies:
  - {code: RM-1, statement: Asks for consent, framework: own, source: own}
audiences: [Health workers, Police]
modules: [1-consent, 2-law]
"""

SOURCES = """\
palermo-3: {title: "Palermo Protocol, article 3", by: United Nations, year: 2000}
who-2003: {title: Ethical recommendations, by: WHO, year: 2003}
"""

MODULE = """\
code: m1
title: {en: Consent, fr: Le consentement}
summary: Why we ask.
objectives: [O1]
"""

LESSON = """\
---
title: Asking first
kind: lesson
objectives: [O1]
competencies: [RM-1]
content_note: Mentions pressure by an employer.
---
## Why we ask

We ask each time before we share. It is her story, and she may say no. She may also
change her mind, and we go on helping her all the same. WHO wrote this down in 2003
[@who-2003].

![Two circles that touch](figures/circles.svg)

| Who | What |
|---|---|
| She | says yes or no |

{{ question: m1-q01 }}

Then we wait for her answer.

{{ reflect: "Who once asked you first?" }}

{{ helplines }}
"""

IN_FRENCH = f"""\
---
title: Demander d’abord
content_note: Il est question de pression d’un employeur.
translated_from: {sha256(LESSON.encode()).hexdigest()}
---
Nous demandons chaque fois avant de partager. L’OMS l’a écrit en 2003 [@who-2003].

{{{{ question: m1-q01 }}}}
"""

SECOND = """\
---
title: A case to think through
kind: case
objectives: [O1]
---
Samira is 19. Her employer keeps her passport. What would you ask her first?

{{ question: m1-q02 }}
"""

QUESTIONS = """\
- id: m1-q01
  kind: one
  objectives: [O1]
  competency: RM-1
  text: When may a referral be shared?
  options:
    - {text: When she agreed to it, right: true, feedback: Yes. This service alone.}
    - {text: Always when it is urgent, feedback: Urgency does not replace her yes.}
    - {text: When the police ask, feedback: Not without her yes.}
  source: who-2003
- id: m1-q02
  kind: decide
  objectives: [O1]
  competency: RM-1
  text: What do you do first?
  options:
    - {text: Ask where she is safe, feedback: She can think then.}
    - {text: Ring the employer, feedback: He would know that she spoke.}
- id: m1-q03
  kind: many
  objectives: [O1]
  competency: RM-1
  text: What may she do?
  options:
    - {text: Say no, right: true, feedback: At any time.}
    - {text: Say no later, right: true, feedback: Also later.}
    - {text: Nothing of this, feedback: She decides.}
- id: m1-q04
  kind: order
  objectives: [O1]
  competency: RM-1
  text: Bring this in order
  options: [Explain, Ask, Share]
  feedback: Nothing is shared before she was asked.
- id: m1-q05
  kind: match
  objectives: [O1]
  competency: RM-1
  text: What belongs together?
  pairs:
    - {left: Recipient, right: A shelter}
    - {left: Purpose, right: A bed}
  feedback: Consent names both.
- id: m1-q06
  kind: number
  objectives: [O1]
  competency: RM-1
  text: Within how many hours is an urgent referral answered?
  answer: 24
  tolerance: 0.5
  unit: hours
  feedback: Within a day.
"""

QUESTIONS_IN_FRENCH = """\
m1-q01:
  text: Quand peut-on partager une orientation ?
  options:
    - {text: Quand elle a dit oui, feedback: Oui.}
    - {text: Toujours en cas d’urgence, feedback: Non.}
    - {text: Quand la police demande, feedback: Non plus.}
"""

TEST = """\
title: Test of module 1
draw: 20
pass_share: 0.75
critical: 2
"""

IN_BANK = 100
CRITICAL = 12
"""The first ones of the bank of module 1."""


def build_bank(module: str, objective: str, *, critical: int = 0) -> str:
    """Write a bank of which nothing gives an answer away."""
    return "".join(
        f"""\
- id: {module}-b{n:03}
  objectives: [{objective}]
  competency: RM-1
  critical: {"true" if n <= critical else "false"}
  text: What do you do in case {n:03}?
  options:
"""
        + "".join(
            f"    - {{text: Ask the {whom} {n:03}{', right: true' * (at == n % 4)}}}\n"
            for at, whom in enumerate(("person", "police", "guards", "nurses"))
        )
        + "  reason: Whom to ask differs from case to case.\n  source: who-2003\n"
        for n in range(1, IN_BANK + 1)
    )


BANK = build_bank("m1", "O1", critical=CRITICAL).replace(
    "  text: What do you do in case 001?",
    """\
  document: |
    02:10  Two adults, one girl.
    An uncle answers for all three.
  text: What do you do in case 001?""",
)

RIGHT: Mapping[str, Given] = {
    "m1-q01": [0],
    "m1-q03": [0, 1],
    "m1-q04": [0, 1, 2],
    "m1-q05": [0, 1],
    "m1-q06": "24",
    "m2-q01": [0],
    **{f"m{m}-b{n:03}": [n % 4] for m in (1, 2) for n in range(1, IN_BANK + 1)},
}
"""The right answer to each question."""

BANK_IN_FRENCH = """\
m1-b001:
  document: |
    02 h 10  Deux adultes, une fille.
    Un oncle répond pour les trois.
  text: Que faites-vous dans le cas 001 ?
  options: [Demander à elle, Demander à lui, Demander à eux, Demander à vous]
"""

ASSIGNMENT = """\
title: A text on consent
what: Write the consent text of your service. **Read it aloud** to a colleague.
produces: forms
where: mechanism:now
rubric:
  - criterion: Says to whom, what and why
    competency: RM-1
    human: true
    levels:
      - {level: 0, text: Not there}
      - {level: 1, text: There}
"""

CERTIFICATES = """\
- code: basics
  title: {en: Asks first, fr: Demande d’abord}
  about: Asks before sharing.
  months: 24
  modules: [m1]
  assignments: [m1]
  refresher: [m1]
- code: whole
  title: Knows it all
  about: The whole small course.
  months: 24
  after: basics
  modules: [m2]
  assignments: []
  sessions: [m1]
  refresher: [m2]
"""

LIVE = """\
title: Asking, in pairs
minutes: 30
steps:
  - {minutes: 10, title: Why, kind: present, task: Listen, low_bandwidth: Read}
  - {minutes: 20, title: Pairs, kind: breakout, task: Ask, low_bandwidth: By telephone}
"""

SECOND_MODULE = """\
code: m2
title: Law
summary: The three elements.
objectives: [O2]
"""

ON_LAW = """\
---
title: The three elements
objectives: [O2]
---
Article 3 names an act, a means and a purpose [@palermo-3].
"""

ON_LAW_QUESTIONS = """\
- id: m2-q01
  kind: one
  objectives: [O2]
  competency: RM-1
  text: How many elements are there for an adult?
  options:
    - {text: Three, right: true, feedback: "Act, means, purpose."}
    - {text: Two, feedback: "Two for a child; three for an adult."}
"""

ON_LAW_TEST = """\
title: Test of module 2
draw: 20
pass_share: 0.75
"""

PLACEMENT = """\
title: {en: Where to begin, fr: Par où commencer}
about: A few questions.
modules: [m1, m2]
sectors:
  - code: health
    name: Health
    first: [m2/01-three-elements]
    asks:
      - {question: pl-q1, shows: [m2/01-three-elements]}
      - {question: m2-q01, shows: [m2/01-three-elements]}
      - {question: m1-q03, shows: [m1/02-a-case]}
  - code: police
    name: Police
    first: [m1/01-asking-first]
    asks:
      - {question: m1-q01, shows: [m1/01-asking-first]}
      - {question: m1-q04, shows: [m1/01-asking-first]}
      - {question: m1-q06, shows: [m1/02-a-case]}
questions:
  - id: pl-q1
    kind: one
    objectives: [O2]
    competency: RM-1
    text: {en: Is a border needed?, fr: Faut-il une frontière ?}
    options:
      - {text: "No", right: true, feedback: Yes.}
      - {text: "Yes", feedback: A house is enough.}
    source: palermo-3
"""
"""Not in FILES: a course need not have one."""

FILES: Mapping[str, str] = {
    "course.yaml": COURSE,
    "sources.yaml": SOURCES,
    "glossary.yaml": "- {term: consent, meaning: Her free yes., source: who-2003}\n",
    "certificates.yaml": CERTIFICATES,
    "modules/1-consent/module.yaml": MODULE,
    "modules/1-consent/en/01-asking-first.md": LESSON,
    "modules/1-consent/en/02-a-case.md": SECOND,
    "modules/1-consent/fr/01-asking-first.md": IN_FRENCH,
    "modules/1-consent/fr/questions.yaml": QUESTIONS_IN_FRENCH,
    "modules/1-consent/questions.yaml": QUESTIONS,
    "modules/1-consent/bank.yaml": BANK,
    "modules/1-consent/fr/bank.yaml": BANK_IN_FRENCH,
    "modules/1-consent/test.yaml": TEST,
    "modules/1-consent/assignment.yaml": ASSIGNMENT,
    "modules/1-consent/live.yaml": LIVE,
    "modules/1-consent/figures/circles.svg": DRAWING,
    "modules/2-law/module.yaml": SECOND_MODULE,
    "modules/2-law/en/01-three-elements.md": ON_LAW,
    "modules/2-law/questions.yaml": ON_LAW_QUESTIONS,
    "modules/2-law/bank.yaml": build_bank("m2", "O2"),
    "modules/2-law/test.yaml": ON_LAW_TEST,
}


def small_course(**changed: str) -> dict[str, bytes]:
    return {name: text.encode() for name, text in {**FILES, **changed}.items()}


def spoilt(name: str, was: str, becomes: str) -> dict[str, bytes]:
    """The small course with one thing in one file that is otherwise."""
    assert was in FILES[name], (name, was)
    return small_course(**{name: FILES[name].replace(was, becomes, 1)})


def without(name: str) -> dict[str, bytes]:
    files = small_course()
    del files[name]
    return files

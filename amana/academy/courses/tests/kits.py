"""The kit of the small course's session, and each fault that one can have."""

from collections.abc import Mapping
from hashlib import sha256

FOLDER = "modules/1-consent"
ENGLISH, FRENCH, ARABIC = (f"{FOLDER}/{code}/kit" for code in ("en", "fr", "ar"))

GUIDE = """\
---
title: How to lead it
kind: guide
for: facilitator
copies: one for you
---
## Before

Put two chairs in each corner. WHO advises to ask alone [@who-2003].

> “You may stop at any time.”

## Model answers

The strongest answer is *Marigold*: it names what is shared.
"""

SLIDES = """\
---
title: Asking first
kind: slides
for: all
copies: shown, or hung up
---
## Ask each time

- Before you share
- Not only once

## A no is an answer

She need not give a reason.

| Who | What |
|---|---|
| She | decides |
"""

CARDS = """\
---
title: Three stories
kind: cards
step: 2
for: group
copies: one set for each pair
---
## Rana

Rana is 19 and wants a doctor. She does **not** want her uncle to know.

## Tomas

Tomas is 44 and has not been paid.
"""

BRIEF = """\
---
title: What the listener knows
kind: brief
step: 2
for: group
copies: one for each pair
---
You know of the Periwinkle shelter, and the others do not.
"""

SHEET = """\
---
title: The rule on one page
kind: sheet
step: 1
for: all
copies: one for each
---
Ask, wait, and write the answer here.

| Question | Your answer |
|---|---|
| Was she asked alone? | … |
"""

CHECKLIST = """\
---
title: What to watch for
kind: checklist
step: 2
for: observer
copies: one for each pair
---
| Act | Seen | Not seen | What exactly |
|---|---|---|---|
| Asks alone (critical) | … | … | … |

Begin your feedback with the Foxglove sentence.
"""

INJECTS = """\
---
title: What comes in between
kind: injects
step: 2
for: facilitator
copies: one for you
---
## 5 minutes in

The Hawthorn telephone rings. A good pair lets it ring.
"""

FEEDBACK = """\
---
title: What you think of it
kind: feedback
for: all
copies: one for each
---
1. Was anything too much?
"""

TEXTS = {
    "01-guide": GUIDE,
    "02-slides": SLIDES,
    "03-stories": CARDS,
    "04-listener": BRIEF,
    "05-rule": SHEET,
    "06-watch": CHECKLIST,
    "07-between": INJECTS,
    "08-feedback": FEEDBACK,
}
SECRETS = ("Marigold", "Periwinkle", "Foxglove", "Hawthorn")
"""What participants must not read."""


def translate(text: str, title: str, copies: str, **words: str) -> str:
    """Translate a piece: its title, its copies and some of its words."""
    body = text.split("---\n", 2)[2]
    for before, after in words.items():
        assert before in body
        body = body.replace(before, after)
    digest = sha256(text.encode()).hexdigest()
    head = f"title: {title}\ncopies: {copies}\ntranslated_from: {digest}\n"
    return f"---\n{head}---\n{body}"


IN_FRENCH = {
    part: translate(text, f"En français {part}", "un par personne")
    for part, text in TEXTS.items()
}
IN_ARABIC = {
    part: translate(text, f"بالعربية {part}", "ورقة لكل شخص")
    for part, text in TEXTS.items()
}

KIT: Mapping[str, str] = {
    f"{folder}/{part}.md": text
    for folder, texts in ((ENGLISH, TEXTS), (FRENCH, IN_FRENCH), (ARABIC, IN_ARABIC))
    for part, text in texts.items()
}
"""In all three languages; the small course itself has no Arabic."""


def small_kit(*languages: str) -> dict[str, str]:
    """Give the kit's files in these languages."""
    folders = tuple(f"{FOLDER}/{language}/" for language in languages)
    return {name: text for name, text in KIT.items() if name.startswith(folders)}

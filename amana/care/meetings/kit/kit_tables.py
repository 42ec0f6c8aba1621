"""The gate, the record and the consent as tables for a script."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from amana.care.cases.fields import FIELDS, may_be_child
from amana.care.cases.forms.intake_forms import ASKED_AT_INTAKE, input_name
from amana.care.cases.gate.gate_questions import (
    QUESTIONS,
    STEPS,
    GateAnswer,
    GateQuestion,
    GateResult,
)
from amana.care.cases.gate.gate_record import SafetyGate
from amana.care.cases.models.case_record import Case
from amana.care.consent import consent_text, guardianship, purposes
from amana.care.consent.actions.consent_records import SAY_IT
from amana.care.consent.models import Consent
from amana.care.consent.payload import ConsentPayload
from amana.care.consent.rules import WITHDRAWERS
from amana.trust.access.models.organisations import Sphere, Team
from amana.trust.vault import drafts
from amana.trust.vault.compartments import CEILING, Compartment
from amana.trust.vault.disclosures.wraps import is_allowed
from amana.ui.labels import format_list
from amana.ui.languages import get_direction

PURPOSE = Consent.Purpose.REFERRAL


AGAIN = ("needs.area", "identity.languages", "needs.interpreter")
"""What people off one bus have in common: never who someone is, or what happened."""


ROWS = 4
"""So many needs can be told at a first meeting without a network."""


FORM = 1
"""The version of what a draft holds."""


def build_gate_table() -> dict[str, object]:
    return {
        "steps": [[q.code for q in step.questions] for step in STEPS],
        "unless": {q.code: list(q.unless) for q in QUESTIONS.values() if q.unless},
        "effects": {
            code: map_effects(question) for code, question in QUESTIONS.items()
        },
        "results": RESULTS,
        "otherwise": GateResult.SAFE.value,
    }


def map_effects(question: GateQuestion) -> dict[str, list[str]]:
    """Map each answer to a question to what it leads to, as the gate itself decides."""
    return {
        answer: list(iterate_effects(question, GateAnswer(answer)))
        for answer in (*GateAnswer.values,)
    }


def iterate_effects(question: GateQuestion, answer: GateAnswer) -> Iterator[str]:
    gate = SafetyGate.read({question.code: answer})
    for name in ("red", "against", "care", "unanswered"):
        if question in getattr(gate, name):
            yield name
    if gate.declined:
        yield "declined"


RESULTS = [
    ("red", GateResult.DANGER.value),
    ("unanswered", GateResult.NOT_ESTABLISHED.value),
    ("against", GateResult.NOT_ESTABLISHED.value),
]
"""The first effect of any answer that applies gives the result; none: it is safe."""


def build_child_table() -> dict[str, object]:
    """Build whom to treat as a child: by what was answered, and by each age."""
    return {
        "said": [s for s in ("", *GateAnswer.values) if may_be_child({"child": s})],
        "ages": [age for age in range(131) if may_be_child({"age": str(age)})],
    }


STATES = ("", "here", "elsewhere", "needed", "appointed")


def build_answers_table() -> dict[str, list[str]]:
    """Build who may answer for a child, by what is known of its guardian."""
    return {
        f"{state}|{suspect}|{int(named)}": [
            str(by)
            for by in guardianship.list_givers(
                {
                    "child": "yes",
                    "guardian_state": state,
                    "guardian_suspect": suspect,
                    "guardian": "x" if named else "",
                }
            )
        ]
        for state in STATES
        for suspect in ("", "yes", "no", "unsure")
        for named in (False, True)
    }


def build_fields_table() -> dict[str, str]:
    """Map each input of the page to the field that it is saved in."""
    found = {}
    for key in ASKED_AT_INTAKE:
        rows = FIELDS[key].kind == "companions"
        for part in COLUMNS if rows else ("",):
            found[input_name(key) + part] = key
    return found


COLUMNS = ("_age", "_sex", "_relation", "_alone")


def list_accompanying_keys() -> list[str]:
    """List the keys that go with any referral, whatever is ticked."""
    told = ConsentPayload(
        # With a telephone number, so that its key is in the list; `team_table` shows
        # which teams have none.
        case=Case(team=Team(phone="+1")),
        recipients=(),
        purpose=PURPOSE,
        expires_at=timezone.now(),
        fields=(),
    )
    return list(told.keys)


def build_sphere_table(sphere: str) -> dict[str, list[str]]:
    """Build what may be shared with a kind of organisation, and what is usually
    enough."""
    return {
        "may": [
            key
            for key in FIELDS
            if is_allowed(Sphere(sphere), key) and purposes.is_suitable(PURPOSE, key)
        ],
        "enough": purposes.list_usual_fields(PURPOSE, sphere),
        "never": [str(part.label) for part in list_never_shared(sphere)],
    }


def list_never_shared(sphere: str) -> list[Compartment]:
    return [part for part in Compartment if part not in CEILING[Sphere(sphere)]]


def build_text_table(language: str) -> dict[str, Any]:
    """Build the file of a text, and how Python writes dates and lists in its
    language."""
    text = consent_text.load_text(language)
    with translation.override(language):
        return {
            **{name: text[name] for name in ("draft", "joined", "perhaps", "step")},
            **{name: text[name] for name in ("more", "spheres", "lines")},
            "purpose": text["purposes"][PURPOSE],
            "withdrawers": format_list(text["roles"][role] for role in WITHDRAWERS),
            "between": format_list(["", ""]),
            "days": [date_format(date(2026, 1, day), "j") for day in range(1, 32)],
            "months": [format_between(date(2026, m, 1)) for m in range(1, 13)],
            "direction": get_direction(language),
        }


def format_between(day: date) -> str:
    """Format what stands between day and year: the month, in Spanish with *de* before
    and after it."""
    whole = date_format(day, _("j F Y"))
    return whole.removeprefix(date_format(day, "j")).removesuffix(str(day.year))


def map_script_sentences() -> dict[str, str]:
    """Map the sentences that the script shows, in the language of the page."""
    return drafts.list_sending_messages() | {
        "saved": _("Saved on this device"),
        "wrong": _("This passphrase is not right. Tries left:"),
        "wiped": _(
            "Ten wrong tries: everything unfinished was deleted, and this device is "
            "no longer ready. Use paper, and make it ready again when you have a "
            "network."
        ),
        "over": _("The 72 hours have passed: this meeting was deleted."),
        "another": _("These answers are open in another tab too. Both are kept."),
        "nothing": _("Add at least one need."),
        "houses": _("Choose at least one service, or finish without a request."),
        "understood": str(SAY_IT),
        "share": _("Choose at least one thing that may be shared."),
        "alone": _("Record which law allows the child to decide alone."),
        "not_saved": _(
            "This could not be saved: there is no space left on the device. Finish "
            "now, or use paper."
        ),
        "more": _("More information, if they want it"),
        "cannot": _(
            "This browser can’t keep anything safely. Use the pages that need a "
            "network, or paper."
        ),
        "hours": _("Hours until it is deleted:"),
        "unfinished": _("Unfinished meeting"),
        "finished": _("Finished meeting, not sent yet"),
    }


class CompactEncoder(DjangoJSONEncoder):
    """Without spaces, and letters as they are: a third of the weight."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how | {"ensure_ascii": False, "separators": (",", ":")})


def render_data_script(tables: dict[str, object]) -> SafeString:
    """Render a block of data in a page."""
    return json_script(tables, "tables", encoder=CompactEncoder)

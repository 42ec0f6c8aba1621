"""What a meeting needs without a network: the same forms as pages, and tables.

No rule is written twice. The device looks up what the server has worked out for each
answer (`tables`), and the texts of the consent are the files from which the server
makes them, too. Nothing here is of a person: it is the same for all of a team."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from amana.care.cases.fields import FIELDS, may_be_child
from amana.care.cases.forms import ASKED_AT_INTAKE, IntakeForm, NeedFormSet, input_name
from amana.care.cases.gate import (
    QUESTIONS,
    STEPS,
    GateAnswer,
    GateQuestion,
    GateResult,
    SafetyGate,
)
from amana.care.cases.models import Case, EmergencyContact
from amana.care.cases.rules import list_parts_read_in_team
from amana.care.cases.usual import list_frequent_needs, list_tiles
from amana.care.consent import consent_text, guardianship, purposes
from amana.care.consent.actions import SAY_IT
from amana.care.consent.consent_questions import ConsentFormContext
from amana.care.consent.forms import ConsentForm
from amana.care.consent.models import LONGEST, USUAL, Consent
from amana.care.consent.payload import ALONG, KEYS, WRITTEN_IN, ConsentPayload
from amana.care.consent.rules import WITHDRAWERS
from amana.care.meetings.houses import (
    SLOT,
    CandidateHouse,
    ExcludedLists,
    ExclusionMatrix,
    build_companions_table,
    build_groups_table,
    build_urgency_table,
    find_meeting_area,
    list_houses,
)
from amana.care.referrals.forms import HandoverForm
from amana.care.requests.forms import AskingOrderForm
from amana.care.requests.models import MOST
from amana.care.screening.screening_lists import AvailableScreening, list_team_offers
from amana.design.directory.codes import list_countries, list_languages
from amana.design.directory.common_languages import list_common_languages
from amana.design.directory.models import Area
from amana.design.directory.taxonomy import ServiceType
from amana.trust.access.models import Sphere, Team, User
from amana.trust.vault import drafts
from amana.trust.vault.compartments import CEILING, Compartment
from amana.trust.vault.disclosures import is_allowed
from amana.ui.labels import format_list

PURPOSE = Consent.Purpose.REFERRAL
AGAIN = ("needs.area", "identity.languages", "needs.interpreter")
"""What people off one bus have in common: never who someone is, or what happened."""
ROWS = 4
"""So many needs can be told at a first meeting without a network."""
FORM = 1
"""The version of what a draft holds."""


class AnyoneFormContext(ConsentFormContext):
    """The question before it is known whom it is about: every box is on the page."""

    @property
    def offered(self) -> list[str]:
        return [key for key in FIELDS if purposes.is_suitable(PURPOSE, key)]

    @property
    def enough(self) -> list[str]:
        return []


@dataclass
class MeetingKit:
    """Everything for the meetings of one worker's teams, in one language."""

    user: User
    teams: list[Team]
    language: str
    whose: str

    @cached_property
    def at(self) -> datetime:
        """When all this was known."""
        return timezone.now()

    @cached_property
    def area(self) -> Area | None:
        return find_meeting_area(self.teams)

    @cached_property
    def houses(self) -> list[CandidateHouse]:
        return list_houses(self.teams, user=self.user, near=self.area)

    @cached_property
    def screenings(self) -> list[AvailableScreening]:
        """Whose pages are kept together with this one."""
        return list_team_offers(self.user)

    @property
    def contacts(self) -> list[EmergencyContact]:
        return list(EmergencyContact.objects.for_page())

    @property
    def intake(self) -> IntakeForm:
        form = IntakeForm(teams=self.teams, auto_id="m_%s")
        # Browsers know the names of countries and languages: four kilobytes that need
        # not be sent. Languages that are ticked are named all the same.
        named: dict[str, list[tuple[str, str]]] = {
            "identity_nationality": [],
            "identity_languages": list_spoken_languages(),
        }
        for name, choices in named.items():
            field = form.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices
        return form

    @property
    def needs(self) -> Any:
        """The first row of needs, which the page repeats."""
        return NeedFormSet(
            prefix="need",
            auto_id="m_%s",
            form_kwargs={"often": list_frequent_needs(self.teams)},
        )

    @property
    def tiles(self) -> list[tuple[ServiceType, str]]:
        return list_tiles(self.teams)

    @property
    def consent(self) -> ConsentForm:
        """The answer to any question: what does not apply is hidden on the device."""
        asked = AnyoneFormContext(
            case=Case(team=self.teams[0]),
            recipients=(),
            purpose=PURPOSE,
            need=None,
            present=frozenset(FIELDS),
            unknown=frozenset(),
            child=True,
            answers=tuple(Consent.GivenBy),
            language=self.language,
            identity={},
            outside=(),
        )
        return ConsentForm(asked, auto_id="m_%s")

    @property
    def order(self) -> AskingOrderForm:
        return AskingOrderForm(auto_id="m_%s")

    @property
    def handover(self) -> HandoverForm:
        return HandoverForm(auto_id="m_%s")

    def tables(self) -> dict[str, Any]:
        """Build what the page's script looks up; see `meeting.js`."""
        return {
            "form": FORM,
            "language": self.language,
            "whose": self.whose,
            "gate": build_gate_table(),
            "fields": build_fields_table(),
            "beside": list_accompanying_keys(),
            "words": purposes.WORDS,
            "child": build_child_table(),
            "answers": build_answers_table(),
            "teams": {team.pk: self.team_table(team) for team in self.teams},
            "houses": [house.table for house in self.houses],
            "matching": self.matching(),
            "rows": ROWS,
            "countries": " ".join(code for code, _name in list_countries()),
            "spoken": " ".join(list_rare_languages()),
            "again": [input_name(key) for key in AGAIN],
            "most": MOST,
            "spheres": {
                sphere: build_sphere_table(sphere)
                for sphere in {house.sphere for house in self.houses}
            },
            "keys": list(KEYS),
            "along": {letter: WRITTEN_IN[letter] for letter in ALONG},
            "usual_days": USUAL.days,
            "longest_days": LONGEST.days,
            "texts": {
                language: build_text_table(language)
                for language in consent_text.WRITTEN
            },
            "sentences": map_script_sentences(),
        }

    def matching(self) -> dict[str, Any]:
        """Build what speaks against which house, by what is known of the person."""
        against, lists = ExclusionMatrix(self.houses, self.at), ExcludedLists()
        return {
            "at": self.at.timestamp() * 1000,
            "slot": SLOT.total_seconds() * 1000,
            "facts": against.tables(lists),
            "unknown": against.unknown(),
            "closed": against.closed(lists),
            "lists": lists,
            "groups": build_groups_table(),
            "companions": build_companions_table(),
            "usual": build_urgency_table(
                {kind for h in self.houses for kind in h.types}
            ),
        }

    def team_table(self, team: Team) -> dict[str, Any]:
        parts = list_parts_read_in_team(self.user, team)
        return {
            **drafts.get_sealing_key(team, by=self.user),
            "named": consent_text.format_team(team),
            "phone": bool(team.phone),
            "unknown": [k for k, f in FIELDS.items() if f.compartment not in parts],
        }


def list_spoken_languages() -> list[tuple[str, str]]:
    """List these by name: they are offered as boxes."""
    often = set(list_common_languages())
    return [(code, name) for code, name in list_languages() if code in often]


def list_rare_languages() -> list[str]:
    often = set(list_common_languages())
    return [code for code, _name in list_languages() if code not in often]


# --- the gate


def build_gate_table() -> dict[str, Any]:
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


# --- who answers


def build_child_table() -> dict[str, Any]:
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


# --- the consent


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
            "months": [date_format(date(2026, m, 1), "F") for m in range(1, 13)],
            "direction": "rtl" if language == "ar" else "ltr",
        }


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


def render_data_script(tables: dict[str, Any]) -> SafeString:
    """Render a block of data in a page."""
    return json_script(tables, "tables", encoder=CompactEncoder)

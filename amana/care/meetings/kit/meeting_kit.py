"""Everything for the meetings of one worker's teams."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.utils import timezone

from amana.care.cases.fields import FIELDS
from amana.care.cases.forms.intake_forms import IntakeForm, NeedFormSet, input_name
from amana.care.cases.models.case_record import Case
from amana.care.cases.models.files import EmergencyContact
from amana.care.cases.rules import list_parts_read_in_team
from amana.care.cases.usual import list_frequent_needs, list_tiles
from amana.care.consent import consent_text, purposes
from amana.care.consent.consent_questions import ConsentFormContext
from amana.care.consent.forms import ConsentForm
from amana.care.consent.models import LONGEST, USUAL, Consent
from amana.care.consent.payload import ALONG, KEYS, WRITTEN_IN
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
from amana.care.meetings.kit.kit_tables import (
    AGAIN,
    FORM,
    PURPOSE,
    ROWS,
    build_answers_table,
    build_child_table,
    build_fields_table,
    build_gate_table,
    build_sphere_table,
    build_text_table,
    list_accompanying_keys,
    map_script_sentences,
)
from amana.care.referrals.forms.sender_forms import HandoverForm
from amana.care.requests.forms import AskingOrderForm
from amana.care.requests.models import MOST
from amana.care.screening.screening_lists import AvailableScreening, list_team_offers
from amana.design.directory.codes import list_countries, list_languages
from amana.design.directory.common_languages import list_common_languages
from amana.design.directory.models import Area
from amana.design.directory.taxonomy.service_types import ServiceType
from amana.trust.access.models.organisations import Team, User
from amana.trust.vault import drafts


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

    def team_table(self, team: Team) -> dict[str, object]:
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

"""The invented country's own mechanism: in force, with teams in its roles, and a next
version that is being discussed."""

from collections.abc import Mapping

from amana.care.pathways.rules import OFFICES
from amana.demo.country import FILES, DemoCountry
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism import steps, writing
from amana.design.mechanism.models import Files, Version
from amana.design.mechanism.pack import pack_model
from amana.trust.access.models import KEYHOLDERS, Role, Team


def adopt_mechanism(country: DemoCountry) -> Version:
    """Put the mechanism in force, as the founder of an installation does, and assign
    its roles to teams.
    """
    version = mechanisms.adopt_shipped(FILES, by=country.coordinator)
    here = dict(version.mechanism.seats.values_list("code", "organisation"))
    for role in version.pack.roles.values():
        seats = [here[code] for code in role.who if code in here]
        for team in Team.objects.filter(organisation__in=seats).order_by("pk"):
            if can_play(team, role, country):
                mechanisms.give_part(
                    version.mechanism, role.id, team, by=country.coordinator
                )
    return version


def can_play(team: Team, role: pack_model.Role, country: DemoCountry) -> bool:
    held = {held for held, _user in country.members.get(team.pk, [])}
    if role.access_role in OFFICES:
        return role.access_role in held
    # An office that decides about people is not among those that help them.
    decides = OFFICES[1] in held
    return bool(held & KEYHOLDERS) and not decides


def discuss_draft(country: DemoCountry) -> Version:
    """Make a next version: one clock is shorter and one step is new; some have
    commented on it, and one has signed.
    """
    now = mechanisms.begin_draft(
        Version.objects.in_force().get(), by=country.coordinator
    )
    mechanisms.edit_draft(now, shorten_clock, by=country.coordinator, piece="grounds")
    mechanisms.edit_draft(now, add_call_back, by=country.coordinator, piece="call_back")
    mechanisms.open_consultation(now, by=country.coordinator)
    for name, step, words in COMMENTS:
        who = country.who(country.teams[name], Role.SUPERVISOR, Role.FOCAL_POINT)
        mechanisms.add_comment(now, words, step=step, by=who)
    shelter = country.teams["Dar Amal"]
    mechanisms.sign(
        now,
        organisation=shelter.organisation,
        sha256=now.sha256,
        by=country.who(shelter, Role.SUPERVISOR),
    )
    return now


def shorten_clock(files: Files) -> Mapping[str, bytes]:
    return writing.write_value(
        files, "pathway.yaml", ("steps", "grounds", "due"), "P3B"
    )


def add_call_back(files: Files) -> Mapping[str, bytes]:
    return steps.add_step(files, "call_back", CALL, after=("steps", "register", "next"))


CALL = {
    "do": {
        "en": "Tell the one who passed the person on",
        "fr": "Prévenir celui ou celle qui a orienté la personne",
        "ar": "إبلاغ من أحال الشخص",
    },
    "role": "coordinator",
    "due": "PT24H",
    "late": ["coordinator"],
}
COMMENTS = (
    (
        "Open Door Legal Aid",
        "grounds",
        "Three days are enough where the file is complete. Who sees that it is?",
    ),
    (
        "Central Hospital",
        "health_check",
        "Please keep the 24 hours. After violence every hour counts.",
    ),
    ("Border Guard", "call_back", "Good: until now we never heard what became of it."),
)
"""Of which organisation, of which step, what."""

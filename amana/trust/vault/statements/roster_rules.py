"""What each statement about people changes, or why its signer can't say it."""

from dataclasses import replace

from amana.trust.vault.statements.roster_state import (
    CurrentTeamKey,
    RemovalStatement,
    RemovedPerson,
    Roster,
    Says,
    SphereSignature,
    VouchedPerson,
    are_enough_signers,
    copy_without_key,
    has_current_key,
    is_same_person,
    map_proposers,
    parse_vouched_person,
    remove_holder_key,
)


def propose(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply the first of two statements for a colleague: this user is to join a
    team.
    """
    user, team = says["user"], says["team"]
    if not has_current_key(by, roster) or by.user == user:
        return roster
    return replace(roster, proposed={**roster.proposed, (user, team): by.user})


def withdraw(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that this proposal is withdrawn."""
    known = (says["user"], says["team"])
    if not has_current_key(by, roster) or known not in roster.proposed:
        return roster
    return replace(roster, proposed=copy_without_key(roster.proposed, known))


def admit(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply the second of the two: that this is their key, and that they hold the
    team's.

    If the team has a key, a holder of it signs; otherwise its first one is made.
    """
    person, team = parse_vouched_person(says["person"]), says["team"]
    proposer = roster.proposed.get((person.user, team))
    if not has_current_key(by, roster) or by.user in (person.user, proposer):
        return roster
    known = roster.people.get(person.key)
    if proposer is None or (known and not is_same_person(known, person)):
        return roster
    homes = {**roster.homes, team: says["home"]} if team is not None else roster.homes
    # A team stays in its organisation: else a proposal could move it to another sphere.
    if roster.homes.get(team, says["home"]) != says["home"]:
        return roster
    teams = dict(roster.teams)
    if says["holds"]:
        now = teams.get(team)
        if (first := says.get("first")) is not None:
            if now is not None:
                return roster
            now = CurrentTeamKey(
                first["key"], 1, bytes.fromhex(first["public"]), frozenset()
            )
        elif now is None or by.key not in now.holders:
            return roster
        teams[team] = replace(now, holders=now.holders | {person.key})
    before = roster.current.get(person.user)
    there = {team} if team is not None else set()
    if before == person.key and known is not None:
        there |= known.teams
    # A new key of the same person: the old one must open nothing from here on.
    elif before is not None:
        teams = remove_holder_key(teams, before)
    return replace(
        roster,
        people={**roster.people, person.key: replace(person, teams=frozenset(there))},
        current={**roster.current, person.user: person.key},
        teams=teams,
        homes=homes,
        proposed=copy_without_key(roster.proposed, (person.user, team)),
    )


def renew(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply the next epoch of a team's key: signed by a holder of the one before, and
    only for people who held it.
    """
    now = roster.teams.get(says["team"])
    holders = frozenset(says["holders"])
    if now is None or not has_current_key(by, roster) or says["epoch"] != now.epoch + 1:
        return roster
    if by.key not in holders or not holders <= now.holders:
        return roster
    key = CurrentTeamKey(
        says["key"], says["epoch"], bytes.fromhex(says["public"]), holders
    )
    return replace(roster, teams={**roster.teams, says["team"]: key})


def take_keys(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that someone's keys are to be taken away: first signed by one, then by
    another.
    """
    person = roster.people[says["person"]]
    if not has_current_key(by, roster):
        return roster
    made = RemovalStatement(person.key, says["team"], says["again"], by.user)
    said = roster.takings.get(says["removal"])
    if said is not None:
        made = replace(made, first=said.first, second=by.user)
        # The second signature must be for exactly the same act, and of a third person.
        if said != replace(made, second=None) or by.user in (said.first, person.user):
            return roster
    return replace(roster, takings={**roster.takings, says["removal"]: made})


def keep_keys(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that they are not to be taken away after all."""
    if not has_current_key(by, roster) or says["removal"] not in roster.takings:
        return roster
    return replace(roster, takings=copy_without_key(roster.takings, says["removal"]))


def leave(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that someone's keys are gone: two have signed it, or the person leaves
    themselves.
    """
    person, removal = roster.people[says["person"]], says["removal"]
    said = roster.takings.get(removal)
    agreed = said and said.second is not None and said.person == person.key
    # Without a signer the timer carries out only what two people have signed.
    if not (agreed if by is None else by.key == person.key and removal is None):
        return roster
    if roster.here(person.key) is None:
        return roster
    team, proposed = says["team"], roster.proposed
    ended = person.teams if team is None else frozenset({team})
    if said is not None and said.again:
        again = dict.fromkeys(person.teams, said.first)
        proposed = {**proposed, **map_proposers(person, again)}
    held = {
        pk: now.epoch
        for pk, now in roster.teams.items()
        if person.key in now.holders and team in (None, pk)
    }
    gone = (
        {removal: RemovedPerson(replace(person, teams=ended), held, said.again)}
        if said
        else {}
    )
    out = replace(
        roster,
        teams=remove_holder_key(roster.teams, person.key, team=team),
        proposed=proposed,
        takings=copy_without_key(roster.takings, removal),
        gone={**roster.gone, **gone},
    )
    if team is None:
        return replace(out, current=copy_without_key(roster.current, person.user))
    rest = replace(person, teams=person.teams - ended)
    return replace(out, people={**roster.people, person.key: rest})


def give_back(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that what was taken is theirs again: by a person here, or by themselves, if
    they were only to start again.

    For a team whose key was renewed meanwhile it is a proposal, for another to confirm.
    """
    was = roster.gone.get(says["removal"])
    if was is None or by is None:
        return roster
    person = was.person
    is_own = by.user == person.user
    if not (was.again if is_own else has_current_key(by, roster)):
        return roster
    teams, newer = dict(roster.teams), roster.current.get(person.user)
    if newer is not None and newer != person.key:
        teams = remove_holder_key(teams, newer)
    for team, epoch in was.held.items():
        # Only in the same epoch: a later one was given to others, and not to them.
        if teams[team].epoch == epoch:
            holders = teams[team].holders | {person.key}
            teams[team] = replace(teams[team], holders=holders)
    proposed = map_proposers(person, dict.fromkeys(person.teams, by.user))
    if newer == person.key:
        there = roster.people[person.key].teams | person.teams
        person = replace(person, teams=there)
    return replace(
        roster,
        people={**roster.people, person.key: person},
        current={**roster.current, person.user: person.key},
        teams=teams,
        proposed={**roster.proposed, **proposed},
        gone=copy_without_key(roster.gone, says["removal"]),
    )


def end(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that what was taken can't be given back any more."""
    if says["removal"] not in roster.gone:
        return roster
    return replace(roster, gone=copy_without_key(roster.gone, says["removal"]))


def set_sphere(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply a signature for an organisation's sphere, which is set when enough have
    signed.

    That is two people of two other organisations. As long as only one other takes part,
    two of its people set a first sphere; another sphere never. A signature for the
    present sphere cancels what others have signed for meanwhile.
    """
    organisation, sphere = says["organisation"], says["sphere"]
    before = roster.spheres.get(organisation)
    said = roster.signings.get(organisation)
    signers = said.signers if said and said.sphere == sphere else frozenset()
    if not has_current_key(by, roster) or by.key in signers:
        return roster
    if before == sphere:
        return replace(roster, signings=copy_without_key(roster.signings, organisation))
    signers |= {by.key}
    if not are_enough_signers(roster, signers, organisation, is_first=before is None):
        signing = SphereSignature(sphere, signers)
        return replace(roster, signings={**roster.signings, organisation: signing})
    return replace(
        roster,
        spheres={**roster.spheres, organisation: sphere},
        signings=copy_without_key(roster.signings, organisation),
    )

"""Follow a roster from statement to statement."""

import json
from dataclasses import replace

from amana.trust.vault.signing import is_signed
from amana.trust.vault.statements.roster_rules import (
    admit,
    end,
    give_back,
    keep_keys,
    leave,
    propose,
    renew,
    set_sphere,
    take_keys,
    withdraw,
)
from amana.trust.vault.statements.roster_state import (
    PURPOSE,
    UNREADABLE,
    Roster,
    Says,
    Statement,
    UnsignedStatement,
    UntrueStatement,
    parse_vouched_person,
    write,
)
from amana.trust.vault.statements.team_key_rules import (
    complete_regaining,
    forgo,
    make_recovery,
    name_custodians,
    record_drill,
    regain,
)


def follow(roster: Roster, statement: Statement) -> Roster:
    """Follow the roster by one more statement. Raises `UntrueStatement` if no one could
    make it
    here.
    """
    place = statement.place
    if place != roster.place + 1:
        raise UntrueStatement(f"statement {roster.place + 1} is missing")
    hash_ = statement.hash_after(roster.head)
    try:
        says = json.loads(statement.text)
        after = _changed(roster, says)
        # In the roster afterwards, because the founding names its own signers.
        signers = [after.people[key] for key in says["by"]]
        # Compared with the one form that it has: two texts that mean the same would
        # have two hashes.
        is_said = after is not roster and write(says) == statement.text
    except UNREADABLE as error:
        raise UntrueStatement(f"statement {place} can't be read") from error
    if not is_said:
        raise UntrueStatement(f"statement {place} could not be made by who signed it")
    for signer in signers:
        signature = statement.signatures.get(signer.key, b"")
        if not is_signed(hash_, signature, by=signer.verify, purpose=PURPOSE):
            raise UnsignedStatement(f"statement {place} is not signed by whom it names")
    founding = roster.founding or hash_
    return replace(after, founding=founding, head=hash_, place=place)


def _changed(roster: Roster, says: Says) -> Roster:
    if roster.place == -1:
        return _found(roster, says)
    by = says["by"]
    rule = RULES.get(says["says"])
    if rule is None or len(by) > 1:
        return roster
    signer = roster.people[by[0]] if by else None
    return rule(roster, says, signer)


def _found(roster: Roster, says: Says) -> Roster:
    """Apply the first statement: two people about each other, both of whom sign."""
    people = [parse_vouched_person(said) for said in says["people"]]
    keys = {person.key for person in people}
    if says["says"] != "found" or len(keys) != 2 or keys != set(says["by"]):
        return roster
    return replace(
        roster,
        people={person.key: person for person in people},
        current={person.user: person.key for person in people},
        homes={int(team): home for team, home in says["homes"].items()},
        spheres={int(pk): sphere for pk, sphere in says["spheres"].items()},
    )


RULES = {
    "custodians": name_custodians,
    "recovery": make_recovery,
    "drill": record_drill,
    "regain": regain,
    "forgo": forgo,
    "regained": complete_regaining,
    "sphere": set_sphere,
    "propose": propose,
    "withdraw": withdraw,
    "let in": admit,
    "renew": renew,
    "take": take_keys,
    "keep": keep_keys,
    "leave": leave,
    "give back": give_back,
    "end": end,
}

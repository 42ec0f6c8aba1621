"""What a case's manifest holds of its shell: whose it is, and who may see it."""

from collections.abc import Mapping

from amana.care.cases.models import Case
from amana.trust.access.models import User
from amana.trust.vault import manifest
from amana.trust.vault.manifest import Facts

CASE = "case"


def build_facts(case: Case) -> Mapping[str, object]:
    return {
        CASE: {
            "team": case.team_id,
            "mechanism": case.mechanism_id,
            "restricted": case.restricted,
        }
    }


def build_facts_reader(case: Case) -> Facts:
    """Return a function that reads the facts, for comparison with what was signed. With
    `again` it reads the row from the database once more."""

    def read(again: bool) -> Mapping[str, object]:
        if again:
            case.refresh_from_db(fields=["team", "mechanism", "restricted"])
        return build_facts(case)

    return read


def change_shell(case: Case, *, by: User, **changes: object) -> None:
    """Change the shell and have `by` sign the new state. Raises when the shell is no
    longer what was signed."""
    # Checked before anything changes: signing on top of an altered row would confirm
    # the alteration (ADR 59).
    manifest.require_facts(case.pk, build_facts_reader(case))
    case.change(**changes)
    with manifest.change_case(case.pk, by=by) as state:
        state.facts |= build_facts(case)

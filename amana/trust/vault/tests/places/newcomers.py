"""Propose a newcomer who enters their code."""

from amana.trust.access import actions as access
from amana.trust.access.models import Role
from amana.trust.vault import admission

NEW = "five grey herons at noon"


def proposed(team, *, by, role=Role.CASE_WORKER, email="nour@example.org"):
    return access.propose(
        team, email=email, name="Nour Saleh", language="en", role=role, by=by
    )


def joined(team, *, by, role=Role.CASE_WORKER, email="nour@example.org"):
    """A newcomer who has entered their code and waits."""
    membership, code = proposed(team, by=by, role=role, email=email)
    membership.user = admission.join(admission.find_invitation(code), passphrase=NEW)
    return membership

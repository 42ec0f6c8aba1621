"""Propose and confirm that a person's keys are taken."""

from amana.trust.vault import documents, removal
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import KeyRemoval

NEW = "five grey herons at noon"


def name_in(case, user):
    found = documents.open_documents(case, [C.IDENTITY], by=user, purpose="test")
    record = found.get((C.IDENTITY, documents.RECORD))
    return record.content["name"] if record else None


def proposed(leila, supervisor):
    return removal.propose_start_again(leila, by=supervisor)


def confirmed(leila, supervisor, officer):
    made = proposed(leila, supervisor)
    removal.confirm(made, by=officer)
    return made


def fresh(made):
    return KeyRemoval.objects.get(pk=made.pk)

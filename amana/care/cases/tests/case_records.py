"""What a case holds, as its worker reads it."""

from amana.care.cases.models import Urgency
from amana.trust.vault import documents

SH2, U0, U1, U2, U3 = "SH2", Urgency.U0, Urgency.U1, Urgency.U2, Urgency.U3
EVERYTHING_DONE = ["needs", "plan", "safety", "agreed", "return", "copies", "feedback"]


def record(case, compartment, by, name="record"):
    found = documents.open_documents(case.pk, [compartment], by=by, purpose="test")
    return found[compartment, name]

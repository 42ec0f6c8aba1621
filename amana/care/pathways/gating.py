"""The step of a pathway that the house's own safety gate completes.

No colleague can record safety without asking the questions: the step is done by what
was asked and answered in the case, and stays due as long as that establishes neither
danger nor safety (docs/decisions/0037)."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from amana.care.cases.gate import GateResult, SafetyGate
from amana.design.pathway.pathway_model import Codes, Do
from amana.errors import Refused

GATE = "safety-gate"
"""The form of such a step, in the words of packs."""
SAFETY = "safety"
"""What the step leaves: one of the codes of `GateResult`."""


def read_result(gate: SafetyGate) -> dict[str, str] | None:
    """Return what the step leaves by these answers; None: it stays due."""
    if gate.result is GateResult.NOT_ESTABLISHED:
        return None
    # "Not established" completes no step: no answer is the most likely one in the
    # field, and would else be recorded as safety (ADR 37).
    return {SAFETY: gate.result.value}


def is_gate(step: object) -> bool:
    return isinstance(step, Do) and step.form == GATE


def may_leave(step: Do, name: str, codes: Codes) -> Codes:
    """Return the codes to choose from where the step is skipped: none of them means
    safe.

    A mechanism of before these three results knows no other way out than its codes."""
    if is_gate(step) and name == SAFETY and GateResult.NOT_ESTABLISHED in codes:
        return tuple(code for code in codes if code != GateResult.SAFE)
    return codes


def require_established(step: object, data: Mapping[str, object]) -> None:
    """Refuse to do the step while safety isn't established. It can be skipped, with a
    reason that stays."""
    if is_gate(step) and data.get(SAFETY) == GateResult.NOT_ESTABLISHED:
        raise Refused(
            _(
                "Safety is not established, so this step stays due. Ask the safety "
                "questions that are missing."
            )
        )

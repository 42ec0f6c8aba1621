"""The safety gate: what is asked before anything else, and what an answer leads to.

The result follows from the answers, question by question, and is one of three. A red
answer is danger. It is safe to talk when each question that applies was answered and
no answer rules it out. Everything else is not established: what was not asked was
never found to be safe. Source of the questions: safety checks before an interview
(WHO/LSHTM 2003, principles 1 and 5).
"""

from amana.care.cases.gate.gate_questions import (
    NO,
    QUESTIONS,
    STEPS,
    UNSURE,
    YES,
    GateAnswer,
    GateQuestion,
    GateResult,
)
from amana.care.cases.gate.gate_record import (
    FRESH,
    GateSession,
    LatestAnswer,
    SafetyGate,
    SafetyRecord,
)

__all__ = [
    "FRESH",
    "NO",
    "QUESTIONS",
    "STEPS",
    "UNSURE",
    "YES",
    "GateAnswer",
    "GateQuestion",
    "GateResult",
    "GateSession",
    "LatestAnswer",
    "SafetyGate",
    "SafetyRecord",
]

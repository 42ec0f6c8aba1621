"""What can be done on a case's way through its mechanism.

Each verb writes one fact, in one transaction, with one event in the log. The case is
held while that happens: of two people at the same step the second is told what the
first has done, and nothing of what the second typed is lost."""

from amana.care.pathways.actions.pathway_steps import (
    is_conference,
    is_decision,
)
from amana.care.pathways.actions.running_pathways import (
    begin_pathway,
    cancel_step,
    end_with_case,
    expire_wait,
    finish_step,
    follow_case,
    give_to_team,
    name_person,
    override_pathway,
    reassign_step,
    record_message,
    record_signal,
    reopen_step,
    skip_step,
)

__all__ = [
    "begin_pathway",
    "cancel_step",
    "end_with_case",
    "expire_wait",
    "finish_step",
    "follow_case",
    "give_to_team",
    "is_conference",
    "is_decision",
    "name_person",
    "override_pathway",
    "reassign_step",
    "record_message",
    "record_signal",
    "reopen_step",
    "skip_step",
]

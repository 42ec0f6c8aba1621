"""What others may want to know of cases."""

from django.dispatch import Signal

case_opened = Signal()
"""Sent with `case`, `by`, `age_group` ("adult", "child", "unsure") and `gate` (the
safety gate that was gone through) inside the action that opened it."""

mechanism_changed = Signal()
"""Sent with `case`, `version` (what is in force of the mechanism that it follows from
now on) and `by` inside the action that changed it."""

gate_asked = Signal()
"""Sent with `case`, `by` and `gate` (the latest answer to each question) inside the
action that asked safety questions again."""

record_changing = Signal()
"""Sent with `case` and `compartment` before a part's record is written and the case is
held for it: what has to be locked before a case is locked now."""

record_written = Signal()
"""Sent with `case`, `compartment`, `content` (all that the record holds now) and `by`
inside the action that wrote it."""

case_closing = Signal()
"""Sent with `case`, `by` and `left_open` (why something is left open, or "") before
closing; a receiver may raise Refused."""

case_closed = Signal()
"""Sent with `case`, `reason` (a `ClosureReason`, which is sealed in the case) and `by`
inside the action that closed it."""

case_erasing = Signal()
"""Sent with `case` and `things` (the ids of all rows about it) inside the transaction
that erases it, before they go: delete what would hold them back, and what no cascade
reaches."""

need_settled = Signal()
"""Sent with `need` and `by` (None: the clock) inside the action that set its status."""

follow_up_finished = Signal()
"""Sent with `follow_up` and `by` inside the action that finished it."""

case_transferring = Signal()
"""Sent with `case`, `to` (a Team) and `by` before it is offered to another team; a
receiver may raise Refused."""

case_kept = Signal()
"""Sent with `case` and `by` after it was kept to named people, or given back to the
whole team."""

case_transferred = Signal()
"""Sent with `case`, `origin` (the Team before) and `by` inside the acceptance."""

case_assigned = Signal()
"""Sent with `case`, `worker` and `by` inside the action by which a colleague came to
work on it."""

transfer_offered = Signal()
"""Sent with `transfer` and `by` inside the action that offered the case."""

transfer_answered = Signal()
"""Sent with `transfer` and `by` inside the action that accepted or declined it, or took
the offer back."""

closure_proposed = Signal()
"""Sent with `closure` and `by` inside the action that proposed it for review."""

closure_declined = Signal()
"""Sent with `closure` and `by` inside the action that sent it back."""

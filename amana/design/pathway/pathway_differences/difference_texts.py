"""The sentence of each kind of difference between two pathways."""

from amana.design.pathway.pathway_differences.difference import (
    NamedElement,
    ReplacementTexts,
)
from amana.faults import gettext_noop

START = gettext_noop("A case now begins with %(now)s (previously %(before)s).")
ADDED = gettext_noop("New step: %(step)s.")
ADDED_ROLE = gettext_noop("New step: %(step)s, done by %(role)s.")
ADDED_DUE = gettext_noop("New step: %(step)s, done by %(role)s within %(due)s.")
REMOVED = gettext_noop("%(step)s is no longer a step.")
CALLED = gettext_noop("%(before)s is now called %(step)s.")
WORDS = gettext_noop("%(step)s: the wording has changed in %(languages)s.")
HOW = gettext_noop("%(step)s: the guidance has changed in %(languages)s.")
KIND = gettext_noop("%(step)s is now a different kind of step.")
PLACE = gettext_noop("%(step)s is now in another part of the pathway.")
ROLE = gettext_noop("%(step)s is now done by %(now)s (previously %(before)s).")
NEXT = gettext_noop("%(step)s is now followed by %(now)s (previously %(before)s).")
ENDS_AS = gettext_noop(
    "%(step)s: the case now ends as %(now)s (previously %(before)s)."
)
DUE = ReplacementTexts(
    gettext_noop("%(step)s: %(role)s now has %(now)s (previously %(before)s)."),
    gettext_noop("%(step)s: %(role)s now has %(now)s (previously no deadline)."),
    gettext_noop("%(step)s: there is no longer a deadline (previously %(before)s)."),
)
DUE_URGENCY = ReplacementTexts(
    gettext_noop(
        "%(step)s, urgency %(urgency)s: %(role)s now has %(now)s (previously "
        "%(before)s)."
    ),
    gettext_noop(
        "%(step)s, urgency %(urgency)s: %(role)s now has %(now)s (previously no "
        "deadline)."
    ),
    gettext_noop(
        "%(step)s, urgency %(urgency)s: there is no longer a deadline "
        "(previously %(before)s)."
    ),
)
REMIND = ReplacementTexts(
    gettext_noop(
        "%(step)s: the reminder now comes %(now)s before the deadline "
        "(previously %(before)s)."
    ),
    gettext_noop("%(step)s: a reminder now comes %(now)s before the deadline."),
    gettext_noop("%(step)s: there is no longer a reminder (previously %(before)s)."),
)
REMIND_URGENCY = ReplacementTexts(
    gettext_noop(
        "%(step)s, urgency %(urgency)s: the reminder now comes %(now)s before "
        "the deadline (previously %(before)s)."
    ),
    gettext_noop(
        "%(step)s, urgency %(urgency)s: a reminder now comes %(now)s before the "
        "deadline."
    ),
    gettext_noop(
        "%(step)s, urgency %(urgency)s: there is no longer a reminder "
        "(previously %(before)s)."
    ),
)
LATE = ReplacementTexts(
    gettext_noop("%(step)s: now notified if late: %(now)s (previously %(before)s)."),
    gettext_noop("%(step)s: now notified if late: %(now)s (previously no one)."),
    gettext_noop(
        "%(step)s: no one is notified any more if late (previously %(before)s)."
    ),
)
FORM = ReplacementTexts(
    gettext_noop("%(step)s: the form is now %(now)s (previously %(before)s)."),
    gettext_noop("%(step)s now has a form: %(now)s."),
    gettext_noop("%(step)s no longer has a form (previously %(before)s)."),
)
SCREENING = ReplacementTexts(
    gettext_noop("%(step)s: the screening is now %(now)s (previously %(before)s)."),
    gettext_noop("%(step)s now has a screening: %(now)s."),
    gettext_noop("%(step)s no longer has a screening (previously %(before)s)."),
)
ASKS = gettext_noop("%(step)s now also records: %(names)s.")
ASKS_NOT = gettext_noop("%(step)s no longer records: %(names)s.")
CODES = gettext_noop("%(step)s: %(name)s can now also be: %(codes)s.")
CODES_NOT = gettext_noop("%(step)s: %(name)s can no longer be: %(codes)s.")
START_ASKS = gettext_noop("A case now also starts with: %(names)s.")
START_ASKS_NOT = gettext_noop("A case no longer starts with: %(names)s.")
START_CODES = gettext_noop("When a case starts, %(name)s can now also be: %(codes)s.")
START_CODES_NOT = gettext_noop(
    "When a case starts, %(name)s can no longer be: %(codes)s."
)
WAY = ReplacementTexts(
    gettext_noop(
        "%(step)s: if %(condition)s, it now leads to %(now)s (previously %(before)s)."
    ),
    gettext_noop("%(step)s: new path: if %(condition)s, it leads to %(now)s."),
    gettext_noop("%(step)s: path removed: if %(condition)s, it led to %(before)s."),
)
OTHERWISE = ReplacementTexts(
    gettext_noop(
        "%(step)s: otherwise it now leads to %(now)s (previously %(before)s)."
    ),
    gettext_noop("%(step)s: otherwise it now leads to %(now)s."),
    gettext_noop("%(step)s: path removed: otherwise it led to %(before)s."),
)
ORDER = gettext_noop("%(step)s: the paths are now checked in a different order.")
TOGETHER = gettext_noop("%(step)s: these now also start at the same time: %(steps)s.")
TOGETHER_NOT = gettext_noop(
    "%(step)s: these no longer start at the same time: %(steps)s."
)
EACH = ReplacementTexts(
    gettext_noop("%(step)s: now once for each of %(now)s (previously %(before)s)."),
    gettext_noop("%(step)s: now once for each of %(now)s."),
    gettext_noop("%(step)s: now only once (previously for each of %(before)s)."),
)
DECIDES = gettext_noop("%(step)s: now decided by %(now)s (previously %(before)s).")
TOLD = gettext_noop("%(step)s: now notified: %(now)s (previously %(before)s).")
MESSAGE = gettext_noop("%(step)s: the message is now %(now)s (previously %(before)s).")
HEARD = ReplacementTexts(
    gettext_noop(
        "%(step)s: after the message %(message)s, it now leads to %(now)s "
        "(previously %(before)s)."
    ),
    gettext_noop("%(step)s: now also ends with the message %(message)s."),
    gettext_noop("%(step)s: no longer ends with the message %(message)s."),
)
SENDER = gettext_noop(
    "%(step)s: the message %(message)s now comes from %(now)s (previously %(before)s)."
)
AFTER = ReplacementTexts(
    gettext_noop("%(step)s: the wait now ends after %(now)s (previously %(before)s)."),
    gettext_noop("%(step)s: the wait now ends after %(now)s."),
    gettext_noop(
        "%(step)s: the wait no longer ends by itself (previously after %(before)s)."
    ),
)
AFTER_URGENCY = ReplacementTexts(
    gettext_noop(
        "%(step)s, urgency %(urgency)s: the wait now ends after %(now)s "
        "(previously %(before)s)."
    ),
    gettext_noop("%(step)s, urgency %(urgency)s: the wait now ends after %(now)s."),
    gettext_noop(
        "%(step)s, urgency %(urgency)s: the wait no longer ends by itself "
        "(previously after %(before)s)."
    ),
)
AFTER_NEXT = gettext_noop(
    "%(step)s: if nothing arrives, it now leads to %(now)s (previously %(before)s)."
)
RUNS = gettext_noop("%(step)s: now runs %(now)s (previously %(before)s).")
INTERRUPT = ReplacementTexts(
    gettext_noop(
        "On “%(message)s”, the case now continues at %(now)s (previously %(before)s)."
    ),
    gettext_noop("New: on “%(message)s”, the case continues at %(now)s."),
    gettext_noop("Removed: on “%(message)s”, the case continued at %(before)s."),
)
KEEPS = gettext_noop("On “%(message)s”, these steps now also stay open: %(steps)s.")
KEEPS_NOT = gettext_noop(
    "On “%(message)s”, these steps no longer stay open: %(steps)s."
)
TABLE = ReplacementTexts(
    gettext_noop("%(table)s has changed."),
    gettext_noop("%(table)s is new."),
    gettext_noop("%(table)s no longer exists."),
)
ROW = ReplacementTexts(
    gettext_noop(
        "%(table)s: if %(condition)s, the answer is now %(now)s (previously "
        "%(before)s)."
    ),
    gettext_noop("%(table)s: new row: if %(condition)s, then %(now)s."),
    gettext_noop("%(table)s: row removed: if %(condition)s, then %(before)s."),
)
ROW_OTHERWISE = gettext_noop(
    "%(table)s: otherwise the answer is now %(now)s (previously %(before)s)."
)
ROW_BECAUSE = gettext_noop("%(table)s: the reasons are worded differently.")
ROW_ORDER = gettext_noop("%(table)s: the rows are now checked in a different order.")
CASE_ENDS = NamedElement("end", "case")
BRANCH_ENDS = NamedElement("end", "branch")
STEP_SENTENCES = (ASKS, ASKS_NOT, CODES, CODES_NOT)
START_SENTENCES = (START_ASKS, START_ASKS_NOT, START_CODES, START_CODES_NOT)

"""The same fifteen criteria, each asked of a database: written from their sentences in
`criteria.yaml`, and sharing no code with what scores them."""

import sqlite3
from datetime import datetime, timedelta
from typing import cast

from amana.academy.exercises.engine.exercise_log import ExerciseLog

TABLE = """
CREATE TABLE e (n INTEGER, act TEXT, at REAL, who TEXT, person TEXT, recipient TEXT,
  referral TEXT, interpreter TEXT, companion TEXT, guardian TEXT, colleague TEXT,
  sphere TEXT, basis TEXT, asked TEXT, due REAL, tried INTEGER);
CREATE TABLE f (n INTEGER, field TEXT);
"""
KEYS = [
    "person",
    "recipient",
    "referral",
    "interpreter",
    "companion",
    "guardian",
    "colleague",
]

SHARED = "act IN ('disclosure.made', 'call.told')"
NO_BASIS = "basis NOT IN ('life', 'law')"

# Each finds occasions as 'met', 'absent' or 'pending'. :over is 1 once all is over.


def before(first: str, then: str, *, where: str = "1", more: str = "1") -> str:
    """'met' where `first` was done before `then`."""
    return f"""
        SELECT CASE WHEN EXISTS (
            SELECT 1 FROM e a WHERE {first} AND a.tried = 0 AND a.n < b.n AND {more}
        ) THEN 'met' ELSE 'absent' END
        FROM e b WHERE {then} AND {where}"""


def after(
    first: str, then: str, *, until: str, same: str = "a.person = b.person"
) -> str:
    """'met' where the first `then` comes by the end, a number or NULL."""
    return f"""
        SELECT CASE
            WHEN found IS NULL AND (:over OR (until IS NOT NULL AND :now > until))
                THEN 'absent'
            WHEN found IS NULL THEN 'pending'
            WHEN until IS NULL OR found <= until THEN 'met'
            ELSE 'absent' END
        FROM (SELECT {until} AS until, (
                SELECT b.at FROM e b
                WHERE {then} AND b.tried = 0 AND b.n > a.n AND {same}
                ORDER BY b.n LIMIT 1
            ) AS found
            FROM e a WHERE {first} AND a.tried = 0)"""


def never_after(first: str, then: str, *, same: str, again: str = "0") -> str:
    return f"""
        SELECT CASE WHEN EXISTS (
            SELECT 1 FROM e b WHERE {then} AND b.n > a.n AND {same}
            AND NOT EXISTS (
                SELECT 1 FROM e c WHERE {again} AND c.tried = 0 AND c.n > a.n
                AND c.n < b.n AND c.person = b.person AND c.recipient = b.recipient)
        ) THEN 'absent' WHEN :over THEN 'met' ELSE 'pending' END
        FROM e a WHERE {first} AND a.tried = 0"""


PASSED_ON = (
    "act IN ('disclosure.made', 'call.told', 'referral.sent')"
    " AND sphere = 'border' AND basis != 'life'"
)
SAME = "a.person = b.person"
SAME_RECIPIENT = f"{SAME} AND (a.recipient IS NULL OR a.recipient = b.recipient)"
QUESTIONS = {
    "safety_before_story": before(
        "a.act = 'safety.assessed'", "b.act = 'narrative.written'", more=SAME
    ),
    "urgent_needs_first": f"""
        SELECT CASE WHEN EXISTS (
            SELECT 1 FROM e b WHERE b.act = 'narrative.written' AND b.n > a.n AND {SAME}
            AND NOT EXISTS (
                SELECT 1 FROM e c WHERE c.act = 'need.acted_on' AND c.tried = 0
                AND c.n > a.n AND c.n < b.n AND c.person = a.person)
        ) THEN 'absent' WHEN :over THEN 'met' ELSE 'pending' END
        FROM e a WHERE a.act = 'need.found' AND a.tried = 0""",
    "seen_alone": before(
        "a.act = 'seen.alone'", "b.act = 'screening.finished'", more=SAME
    ),
    "safe_interpreter": """
        SELECT CASE WHEN EXISTS (
            SELECT 1 FROM e b WHERE b.act = 'companion.seen' AND b.tried = 0
            AND b.person = a.person AND b.companion = a.interpreter
        ) THEN 'absent' WHEN :over THEN 'met' ELSE 'pending' END
        FROM e a WHERE a.act = 'interpreter.used'""",
    "consent_before_sharing": f"""
        WITH valid AS (
            SELECT b.n AS sharing, a.n AS consent FROM e b JOIN e a
            ON a.act = 'consent.recorded' AND a.tried = 0 AND a.n < b.n
                AND {SAME_RECIPIENT}
            WHERE b.{SHARED} AND b.{NO_BASIS} AND NOT EXISTS (
                SELECT 1 FROM e w WHERE w.act = 'consent.withdrawn' AND w.tried = 0
                AND w.n > a.n AND w.n < b.n AND w.person = b.person
                AND (w.recipient IS NULL OR w.recipient = b.recipient)))
        SELECT CASE WHEN b.n IN (SELECT sharing FROM valid) AND NOT EXISTS (
            SELECT field FROM f WHERE f.n = b.n
            EXCEPT SELECT field FROM f
                WHERE f.n IN (SELECT consent FROM valid WHERE sharing = b.n)
        ) THEN 'met' ELSE 'absent' END
        FROM e b WHERE b.{SHARED} AND b.{NO_BASIS}""",
    "withdrawal_works": never_after(
        "a.act = 'consent.withdrawn'",
        f"b.{SHARED} AND b.{NO_BASIS}",
        same=SAME_RECIPIENT,
        again="c.act = 'consent.recorded'",
    ),
    "nothing_to_border": f"""
        SELECT 'absent' FROM e WHERE {PASSED_ON}
        UNION ALL
        SELECT CASE WHEN :over THEN 'met' ELSE 'pending' END
            WHERE NOT EXISTS (SELECT 1 FROM e WHERE {PASSED_ON})
            AND EXISTS (SELECT 1 FROM e WHERE act = 'border.asked')""",
    "exception_by_two": f"""
        SELECT CASE
            WHEN EXISTS (SELECT 1 FROM e b WHERE b.act = 'handover.confirmed'
                AND b.tried = 0 AND {SAME} AND a.who != b.who AND b.n < a.n) THEN 'met'
            WHEN found IS NULL AND (:over OR :now > a.at + 3600) THEN 'absent'
            WHEN found IS NULL THEN 'pending'
            WHEN found <= a.at + 3600 THEN 'met'
            ELSE 'absent' END
        FROM (SELECT *, (
                SELECT b.at FROM e b WHERE b.act = 'handover.confirmed' AND b.tried = 0
                AND b.n > d.n AND b.person = d.person AND b.who != d.who
                ORDER BY b.n LIMIT 1
            ) AS found
            FROM e d WHERE d.{SHARED} AND d.basis = 'life' AND d.tried = 0) a""",
    "child_has_guardian": f"""
        SELECT CASE
            WHEN EXISTS (SELECT 1 FROM e b WHERE b.act = 'guardian.called'
                AND b.tried = 0 AND {SAME} AND b.n < a.n) THEN 'met'
            WHEN found IS NULL AND (:over OR :now > a.at + 3600) THEN 'absent'
            WHEN found IS NULL THEN 'pending'
            WHEN found <= a.at + 3600 THEN 'met'
            ELSE 'absent' END
        FROM (SELECT *, (
                SELECT b.at FROM e b WHERE b.act = 'guardian.called' AND b.tried = 0
                AND b.n > d.n AND b.person = d.person ORDER BY b.n LIMIT 1
            ) AS found
            FROM e d WHERE d.act = 'age.doubted' AND d.tried = 0) a""",
    "suspected_guardian": never_after(
        "a.act = 'guardian.suspected'",
        "b.act = 'guardian.consented'",
        same=f"{SAME} AND a.guardian = b.guardian",
    ),
    "answered_in_time": after(
        "a.act = 'referral.sent'",
        "b.act IN ('referral.answered', 'referral.declined')",
        until="a.due",
        same="a.referral = b.referral",
    ),
    "no_dead_end": after(
        "a.act = 'referral.declined'",
        "b.act IN ('referral.sent', 'help.asked', 'need.unmet')",
        until="a.at + 86400",
        same=f"{SAME} AND (b.recipient IS NULL OR a.recipient != b.recipient)",
    ),
    "closed_loop": after(
        "a.act = 'referral.completed'",
        "b.act = 'word.heard'",
        until="NULL",
        same="a.referral = b.referral",
    ),
    "one_story": never_after(
        "a.act = 'narrative.written'",
        "b.act = 'narrative.written' AND b.asked != 'yes'",
        same=SAME,
    ),
    "need_to_know": before(
        "a.act = 'case.assigned'",
        "b.act = 'case.opened'",
        more=f"{SAME} AND a.colleague = b.colleague",
    ),
}


def evaluate(log: ExerciseLog) -> dict[str, str]:
    """Ask each question of the database that holds this log."""
    database = sqlite3.connect(":memory:")
    database.executescript(TABLE)
    for event in log.events:
        due = event.data.get("due_at")
        database.execute(
            f"INSERT INTO e VALUES ({', '.join('?' * 16)})",
            (
                event.number,
                event.act,
                event.at.timestamp(),
                event.by,
                *(event.keys.get(key) for key in KEYS),
                event.data["sphere"],
                event.data["basis"],
                event.data["at_request"],
                due.timestamp() if isinstance(due, datetime) else None,
                event.attempted,
            ),
        )
        database.executemany(
            "INSERT INTO f VALUES (?, ?)",
            [
                (event.number, field)
                for field in cast("list[str]", event.data["fields"])
            ],
        )
    given = {"over": log.ended, "now": (log.now + timedelta()).timestamp()}
    found = {}
    for code, question in QUESTIONS.items():
        verdicts = {row[0] for row in database.execute(question, given)}
        order = ("absent", "pending", "met")
        found[code] = next((v for v in order if v in verdicts), "not_tested")
    database.close()
    return found

"""A pack that is as small as one can be and still has everything; tests spoil it."""

from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[5]
EXAMPLE = ROOT / "mechanisms" / "example"
DISTRICT = ROOT / "mechanisms" / "district-health"
ROAD = ROOT / "mechanisms" / "migration-route"
SHIPPED = sorted(path.parent for path in ROOT.glob("mechanisms/*/pathway.yaml"))
"""Every pack that comes along: what holds for one holds for all."""

SMALL = {
    "mechanism.yaml": """
        id: small
        title: {en: A small mechanism, fr: Un petit mécanisme}
        jurisdiction: Merravia
        languages: [en, fr]
        calendar: {zone: Africa/Nairobi, holidays: [2026-12-25, {country: KE}]}
        organisations:
          house: {name: The house, sphere: humanitarian, kind: ngo}
          clinic: {name: The clinic, sphere: health, kind: public}
        roles:
          worker:
            title: {en: Worker, fr: Intervenante}
            who: [house]
            does: {en: Helps., fr: Aide.}
            access_role: case_worker
            sphere: humanitarian
          doctor:
            title: {en: Doctor, fr: Médecin}
            who: [clinic]
            does: {en: Heals., fr: Soigne.}
            access_role: case_worker
            sphere: health
        partners:
          abroad: {en: The other country, fr: L’autre pays}
        duties:
          care:
            title: {en: Care, fr: Soins}
            does: [doctor]
            answers_for: worker
        clocks:
          U0:
            {receipt: PT30M, answer: PT1H, contact: PT3H,
            follow_up: PT24H, next_follow_up: P1D, escalation: PT30M}
          U1:
            {receipt: PT4H, answer: PT24H, contact: PT24H,
            follow_up: PT72H, next_follow_up: P7D, escalation: PT4H}
          U2:
            {receipt: P1B, answer: PT72H, contact: PT72H,
            follow_up: P14D, next_follow_up: P14D, escalation: P1B}
          U3:
            {receipt: P2B, answer: P5B, contact: P14D,
            follow_up: P30D, next_follow_up: P30D, escalation: P2B}
        sharing:
          humanitarian: [identity, needs]
          health: [identity, health]
          legal: [identity]
          law_enforcement: []
          border: []
        """,
    "pathway.yaml": """
        starts_with:
          age_group: [adult, child]
          urgency: [U0, U1, U2, U3]
        start: meet
        steps:
          meet:
            do: {en: Meet, fr: Rencontrer}
            role: worker
            form: safety-gate
            gives: {well: [yes, no]}
            due: {U0: PT1H, U1: PT24H, U2: P3B, U3: P5B}
            late: [worker]
            next: triage
          triage: {decide: triage, gives: route, next: which}
          which:
            choose:
              - {if: 'route == "child" or well == "no"', next: heal}
              - {else: true, next: close}
          heal: {do: Heal, role: doctor, due: P2D, remind: PT4H, next: close}
          close: {do: Close, role: worker, end: closed}
        interrupts:
          withdrawal: {on: consent_withdrawn, next: close, keeps: [heal]}
        """,
    "decisions/triage.yaml": """
        inputs: [age_group]
        gives: route
        rows:
          - {when: {age_group: child}, then: child, because: Children first.}
          - {else: true, then: standard}
        """,
    "law.yaml": """
        convention:
          instrument: A convention
          provision: Article 1
          obliges: Meet people kindly.
          honoured_by: [meet]
          source: Its text
          checked: no
        """,
    "indicators.yaml": """
        indicators:
          I01:
            title: {en: Met, fr: Rencontrées}
            counts: people met
            steps: [meet]
            source: This mechanism
            checked: no
        """,
    "glossary.yaml": """
        means:
          term: means
          means: Force or deception.
        """,
    "capacity.yaml": """
        arrivals_per_day: 2
        staff: {worker: 2, doctor: 1}
        work_hours: {meet: 1, heal: 2, close: 0.5}
        chance: {well: {"yes": 0.5, "no": 0.5}}
        """,
    "consent/en.md": """
        # I agree

        To {{ consent.recipient }}, until {{ consent.until }}.
        """,
    "consent/fr.md": "# J’accepte\n\nPour {{ consent.recipient }}.\n",
    "sop/en/01-meeting.md": """
        # Meeting

        {{ role.worker.title }}: {{ step.meet.due }}.

        {{ table.steps }}
        """,
    "sop/fr/01-meeting.md": "# Rencontrer\n\n{{ step.heal.role }}\n",
}


def small() -> dict[str, bytes]:
    files = {name: dedent(words).lstrip("\n").encode() for name, words in SMALL.items()}
    gate = EXAMPLE / "forms" / "safety-gate.xlsx"
    return files | {"forms/safety-gate.xlsx": gate.read_bytes()}


def spoilt(file: str, old: str, new: str) -> tuple[dict[str, bytes], int]:
    """The small pack with one mistake, and the line on which it is."""
    files = small()
    words = files[file].decode()
    assert words.count(old) == 1, f"{file}: {words.count(old)} × {old!r}"
    before = words[: words.index(old)]
    line = before.count("\n") + 1 + (len(new) - len(new.lstrip("\n")))
    files[file] = words.replace(old, new).encode()
    return files, line

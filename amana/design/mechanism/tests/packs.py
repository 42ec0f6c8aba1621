"""A small pack, with comments that its author wants to keep."""

MECHANISM = """\
# Who takes part.
id: harbour
title: {en: Harbour mechanism, fr: Mécanisme du port, ar: آلية الميناء}
jurisdiction: Merravia
languages: [en, fr, ar]

organisations:
  house: {name: Dar Amal, sphere: humanitarian, kind: ngo}
  office: {name: Coordination Office, sphere: legal, kind: public}

roles:
  responder:
    title: {en: First responder, fr: Intervenant, ar: المستجيب}
    who: [house]
    does: {en: Meets people.}
    calls: {en: The office.}
    access_role: screener
    sphere: humanitarian
    may_refer: true
  authority:
    title: {en: Authority, fr: Autorité, ar: السلطة}
    who: [office]
    does: {en: Decides with reasons.}
    access_role: authority
    sphere: legal

partners:
  abroad: {en: Mechanism abroad}

calendar:
  zone: Atlantic/Azores
  weekend: [saturday, sunday]
  holidays:
    - 2026-12-25  # not a day for clocks

clocks:
  U0: {receipt: PT30M, answer: PT1H, contact: PT3H, follow_up: PT24H, next_follow_up: P1D, escalation: PT30M}
  U1: {receipt: PT4H, answer: PT24H, contact: PT24H, follow_up: PT72H, next_follow_up: P7D, escalation: PT4H}
  U2: {receipt: P1B, answer: PT72H, contact: PT72H, follow_up: P14D, next_follow_up: P14D, escalation: P1B}
  U3: {receipt: P2B, answer: P5B, contact: P14D, follow_up: P30D, next_follow_up: P30D, escalation: P2B}

sharing:
  humanitarian: [identity, contact, needs, narrative]
  health: [identity, contact, needs, health]
  legal: [identity, needs]
  law_enforcement: []
  border: []
"""  # noqa: E501 — as its author writes it

PATHWAY = """\
# The way through.
starts_with:
  age_group: [adult, child, unsure]
  urgency: [U0, U1, U2, U3]
start: meet

steps:
  meet:
    do: {en: Listen and make safe, fr: Écouter et mettre en sécurité, ar: الاستماع}
    role: responder
    gives: {agrees: [yes, no]}
    due: {U0: PT1H, U1: PT24H, U2: P3B, U3: P5B}   # never later
    remind: PT30M
    late: [authority]
    next: agreed

  # What the person wants decides.

  agreed:
    choose:
      - {if: 'agrees == "yes"', next: decide}
      - {else: true, next: goodbye}
  decide:
    do: {en: Decide on help, fr: Décider de l’aide, ar: البت في المساعدة}
    how:
      en: On paper, with reasons.
      fr: Par écrit, avec des motifs.
      ar: كتابةً وبأسباب.
    role: authority
    due: P5D
    late: [authority]
    next: goodbye

  # The end.

  goodbye:
    do: {en: Leave the door open, fr: Laisser la porte ouverte, ar: ترك الباب مفتوحًا}
    role: responder
    due: P5B
    end: closed

interrupts:
  withdrawal: {on: consent_withdrawn, next: goodbye, keeps: [meet]}
"""

LAW = """\
palermo:
  instrument: {en: Palermo Protocol 2000}
  provision: {en: Article 6}
  obliges: {en: Protects the privacy of victims.}
  honoured_by: [meet, decide]
  source: https://treaties.example.org
  checked: no
"""

CAPACITY = """\
# Our own counts.
arrivals_per_day: 2
staff:
  responder: 1.5   # two in summer
  authority: 1
work_hours: {meet: 1, decide: 2.5, goodbye: 1}
starts_with:
  age_group: {adult: 0.7, child: 0.23, unsure: 0.07}
chance:
  agrees: {"yes": 0.6, "no": 0.4}
interrupts: {withdrawal: 0.05}
places:
  meet: {places: 3, days: 1}
"""

CONSENT = "# Your consent\n\nWe share only what you agree to.\n"
CHAPTER = "# First meeting\n\nWe {{ step.meet.title }} within {{ step.meet.due }}.\n"


def small(**changed: str) -> dict[str, bytes]:
    """Its files; `mechanism` and `pathway` say another text instead."""
    files = {
        "mechanism.yaml": changed.get("mechanism", MECHANISM),
        "pathway.yaml": changed.get("pathway", PATHWAY),
        "law.yaml": LAW,
        "capacity.yaml": CAPACITY,
        **{f"consent/{language}.md": CONSENT for language in ("en", "fr", "ar")},
        **{
            f"sop/{language}/06-first-meeting.md": CHAPTER
            for language in ("en", "fr", "ar")
        },
    }
    return {path: text.encode() for path, text in files.items()}

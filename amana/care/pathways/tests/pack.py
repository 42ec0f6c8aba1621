"""A small mechanism with one of each: a choice, branches, a wait, a decision with a
review, an interrupt, a step of a role that two teams play."""

from amana.design.mechanism.tests.packs import MECHANISM, small

ROLES = """\
  coordinator:
    title: {en: Coordinator, fr: Coordination, ar: التنسيق}
    who: [office]
    does: {en: Sees that nobody is forgotten.}
    access_role: coordinator
    sphere: legal
  health:
    title: {en: Health service, fr: Santé, ar: الصحة}
    who: [hospital]
    does: {en: Offers care.}
    access_role: case_worker
    sphere: health
"""

PATHWAY = """\
starts_with:
  age_group: [adult, child, unsure]
  urgency: [U0, U1, U2, U3]
start: meet

steps:
  meet:
    do: {en: Listen and make safe, fr: Écouter et mettre en sécurité, ar: الاستماع}
    role: responder
    gives: {agrees: [yes, no]}
    due: {U0: PT1H, U1: PT24H, U2: P3B, U3: P5B}
    remind: PT30M
    late: [coordinator]
    next: agreed
  agreed:
    choose:
      - {if: 'agrees == "yes"', next: register}
      - {else: true, next: goodbye}
  register:
    do: {en: Find a case manager, fr: Trouver une personne, ar: إيجاد مدير}
    role: coordinator
    due: P1D
    late: [coordinator]
    next: beside
  beside:
    together: [care, listen, rest]
    next: grounds
  care:
    do: {en: Offer a health check, fr: Proposer un bilan, ar: عرض فحص}
    role: health
    due: PT72H
    late: [health, coordinator]
  listen:
    do: {en: Ask who came along, fr: Demander qui est venu, ar: السؤال عمن جاء}
    role: responder
    gives: {children: list}
    due: P5D
    next: each_child
  each_child:
    together: [child_needs]
    each: children
  child_needs:
    do: {en: See what the child needs, fr: Voir ses besoins, ar: احتياجات الطفل}
    role: responder
    due: P7D
    late: [responder]
  rest:
    wait:
      - {message: ready_to_decide, next: rested}
      - {after: P30D, next: rested}
  rested:
    tell: responder
    message: reflection_over
  grounds:
    do: {en: Decide on reasonable grounds, fr: Décider des motifs, ar: البت في الأسباب}
    role: authority
    gives: {grounds: [yes, no]}
    due: P5B
    remind: P1D
    late: [authority, coordinator]
    next: found
  found:
    choose:
      - {if: 'grounds == "yes"', next: goodbye}
      - {else: true, next: review}
  review:
    part: review
    next: goodbye
  goodbye:
    do: {en: Leave the door open, fr: Laisser la porte ouverte, ar: ترك الباب مفتوحًا}
    role: responder
    due: P5B
    end: closed

parts:
  review:
    start: look_again
    steps:
      look_again:
        do: {en: Decide again, fr: Décider à nouveau, ar: إعادة البت}
        role: authority
        gives: {outcome: [changed, upheld]}
        due: P10B
        late: [authority]

interrupts:
  withdrawal: {on: consent_withdrawn, next: goodbye, keeps: [care]}
"""


def files(pathway: str = PATHWAY) -> dict[str, bytes]:
    roles = MECHANISM.replace("\npartners:\n", ROLES + "\npartners:\n").replace(
        "\nroles:\n",
        "  hospital: {name: Hospital, sphere: health, kind: public}\n\nroles:\n",
    )
    found = small(mechanism=roles, pathway=pathway)
    return {
        path: content.replace(b"[meet, decide]", b"[meet, grounds]")
        for path, content in found.items()
        if path != "capacity.yaml"  # of the small pathway's own steps
    }

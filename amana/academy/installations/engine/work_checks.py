"""The checks that an assignment can name, and what each looks at."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from amana.academy.installations.engine import mechanism_checks as mechanism
from amana.academy.installations.engine.findings import (
    CheckFinding,
    CheckResult,
    build_finding,
)
from amana.academy.installations.engine.mechanism_checks import MOST_LISTED, Found
from amana.academy.installations.engine.practice_work import (
    Plain,
    PracticePart,
    PracticeWork,
)
from amana.design.mechanism.pack.pack_model import Pack
from amana.faults import gettext_noop

type Run = Callable[..., Found]

# -- contacts

CONTACTS = gettext_noop("Emergency lines entered: %(count)s; some answer at night.")
FEW_CONTACTS = gettext_noop(
    "Emergency lines entered: %(count)s of %(least)s. For an emergency for "
    "which no one answers, enter whom to call instead, and note the gap."
)
NO_NIGHT = gettext_noop(
    "No line answers at night. Find one, or name who decides until the morning."
)
NO_NOTE = gettext_noop(
    "The line “%(name)s” has no note. Write for what, and in which languages, they "
    "answer."
)
TWICE = gettext_noop("The number %(number)s is entered twice. Did both answer?")


def check_contacts(work: PracticeWork, base: Pack, *, least: int) -> Found:
    """Check that emergencies have someone who answers, by day and by night."""
    wrong = list(find_contact_faults(work.contacts, least))
    met = not wrong
    return met, wrong[:MOST_LISTED] or [
        build_finding(CONTACTS, count=len(work.contacts))
    ]


def find_contact_faults(
    contacts: Iterable[Plain], least: int
) -> Iterator[CheckFinding]:
    known = list(contacts)
    if len(known) < least:
        yield build_finding(FEW_CONTACTS, count=len(known), least=least)
    if not any(contact["when"] in ("any", "night") for contact in known):
        yield build_finding(NO_NIGHT)
    for contact in known:
        if not contact["note"]:
            yield build_finding(NO_NOTE, name=contact["name"])
    numbers = Counter(contact["number"] for contact in known)
    for number, count in numbers.items():
        if count > 1:
            yield build_finding(TWICE, number=number)


# -- services

SERVICES = gettext_noop(
    "Services entered and verified: %(count)s, each with a contact and hours."
)
FEW_SERVICES = gettext_noop(
    "Services entered and verified: %(count)s of %(least)s. Enter a service "
    "or correct one, call it, and confirm its details on its page."
)
SERVICE_LACKS = gettext_noop(
    "The service “%(name)s” has no %(what)s. Ask, and enter it."
)
SERVICE_PARTS: Mapping[str, str] = {
    "has_contact": gettext_noop("telephone, e-mail or role to ask for"),
    "has_hours": gettext_noop("hours"),
    "languages": gettext_noop("languages"),
    "referral_method": gettext_noop("way to refer"),
}


def check_services(work: PracticeWork, base: Pack, *, least: int) -> Found:
    """Check that enough services were mapped and verified."""
    wrong = [
        build_finding(SERVICE_LACKS, name=service["name"], what=what)
        for service in work.services
        for part, what in SERVICE_PARTS.items()
        if not service[part]
    ]
    count = len(work.services)
    if count < least:
        few = build_finding(FEW_SERVICES, count=count, least=least)
        wrong = [few, *wrong]
    return not wrong, wrong[:MOST_LISTED] or [build_finding(SERVICES, count=count)]


# -- cases

CASES = gettext_noop(
    "Cases run to their end: %(count)s, each with consent, or to save a life."
)
FEW_CASES = gettext_noop(
    "Cases closed: %(closed)s of %(least)s; still open: %(open)s. Close a "
    "case on its page, with a supervisor’s review."
)
NO_GATE = gettext_noop(
    "In case %(case)s the safety questions were not asked. Begin with them."
)
NO_REFERRAL = gettext_noop("In case %(case)s no one was referred to a service.")
NO_ANSWER = gettext_noop(
    "In case %(case)s no referral was answered. Act as the service, and answer it."
)
NO_CONSENT = gettext_noop(
    "In case %(case)s something was shared with %(who)s without consent. Record the "
    "person’s consent before you refer."
)


def check_cases(work: PracticeWork, base: Pack, *, least: int) -> Found:
    """Check that cases were run to their closure, with consent asked."""
    closed = [case for case in work.cases if case["closed_at"]]
    wrong = [found for case in closed for found in find_case_faults(case)]
    if len(closed) < least:
        still = len(work.cases) - len(closed)
        few = build_finding(FEW_CASES, closed=len(closed), least=least, open=still)
        wrong = [few, *wrong]
    return not wrong, wrong[:MOST_LISTED] or [build_finding(CASES, count=len(closed))]


def find_case_faults(case: Plain) -> Iterator[CheckFinding]:
    about = case["reference"]
    if not any(is_gate(entry) for entry in case["history"]):
        yield build_finding(NO_GATE, case=about)
    if not case["referrals"]:
        yield build_finding(NO_REFERRAL, case=about)
    elif not any(sent["answered_at"] for sent in case["referrals"]):
        yield build_finding(NO_ANSWER, case=about)
    agreed = {
        consent["recipient"]
        for consent in case["consents"]
        if consent["status"] != "refused"
    }
    for sent in case["referrals"]:
        has_basis = sent["has_consent"] or sent["in_vital_interest"]
        if not has_basis or (sent["has_consent"] and sent["recipient"] not in agreed):
            yield build_finding(NO_CONSENT, case=about, who=sent["recipient"])


def is_gate(entry: Plain) -> bool:
    """Check whether the safety questions were answered then, or before a case was
    opened."""
    asked = entry["did"] == "asked safety questions"
    return asked or entry.get("gate", "") in ESTABLISHED


ESTABLISHED = frozenset({"safe", "danger"})

# -- the brief

BRIEF = gettext_noop("The brief is written. Figures that it cites: %(count)s.")
NO_BRIEF = gettext_noop(
    "There is no brief yet. Begin one under Briefs in your practice installation."
)
OPEN_PART = gettext_noop("The part “%(part)s” of the brief is still open. Write it.")
FEW_FIGURES = gettext_noop(
    "Figures that the brief cites: %(count)s of %(least)s. Choose them under "
    "the problem in three numbers."
)
NO_FIGURE = gettext_noop(
    "The figure {%(name)s} is cited and can’t be shown, as it may identify a person. "
    "Choose another."
)
OPEN = "[…]"


def check_brief(work: PracticeWork, base: Pack, *, least: int) -> Found:
    """Check that a brief is written in one language, with figures that may be shown."""
    if not work.brief:
        return False, [build_finding(NO_BRIEF)]
    opened = min(
        (list_open_parts(work.brief, words) for words in list_texts(work.brief)),
        key=len,
        default=[],
    )
    wrong = [build_finding(OPEN_PART, part=part) for part in opened]
    wrong += [
        build_finding(NO_FIGURE, name=name) for name in work.brief["unknown_figures"]
    ]
    count = len(work.brief["figures"])
    if count < least:
        wrong = [build_finding(FEW_FIGURES, count=count, least=least), *wrong]
    return not wrong, wrong[:MOST_LISTED] or [build_finding(BRIEF, count=count)]


def list_texts(brief: Plain) -> list[Plain]:
    return list(brief["languages"].values())


def list_open_parts(brief: Plain, words: Plain) -> list[str]:
    """List the parts that are empty or have an open place, in one language."""
    return [
        part
        for part, said in words.items()
        if OPEN in said or (not said.strip() and part not in brief["may_be_empty"])
    ]


# -- the page with it

WORDS = gettext_noop("Words on the page that comes with it: %(count)s.")
FEW_WORDS = gettext_noop(
    "Words on the page that comes with it: %(count)s of %(least)s. Write it "
    "in the field below."
)


def check_words(work: PracticeWork, base: Pack, *, least: int) -> Found:
    """Check that the page that is asked for was written."""
    count = len(work.words.split())
    if count < least:
        return False, [build_finding(FEW_WORDS, count=count, least=least)]
    return True, [build_finding(WORDS, count=count)]


# -- all of them


@dataclass(frozen=True)
class WorkCheck:
    """A check that an assignment can name."""

    title: str
    parts: tuple[PracticePart, ...]
    """What it looks at."""
    run: Run
    least: int = 0
    """How many it asks for, where the assignment states no number."""


M = PracticePart.MECHANISM
CHECKS: Mapping[str, WorkCheck] = {
    "contacts": WorkCheck(
        gettext_noop("Emergency lines, by day and by night"),
        (PracticePart.CONTACTS,),
        check_contacts,
        7,
    ),
    "services": WorkCheck(
        gettext_noop("Services entered and verified"),
        (PracticePart.SERVICES,),
        check_services,
        12,
    ),
    "law": WorkCheck(
        gettext_noop("Law that became steps"), (M,), mechanism.check_law, 5
    ),
    "pathway": WorkCheck(
        gettext_noop("A pathway of your own"), (M,), mechanism.check_pathway, 2
    ),
    "no_dead_end": WorkCheck(
        gettext_noop("No dead end"), (M,), mechanism.check_no_dead_end
    ),
    "clocks_agreed": WorkCheck(
        gettext_noop("Clocks agreed by both sides"),
        (M,),
        mechanism.check_clocks_agreed,
        1,
    ),
    "procedures": WorkCheck(
        gettext_noop("Procedures complete"), (M,), mechanism.check_procedures, 4
    ),
    "consent_text": WorkCheck(
        gettext_noop("A consent text of three minutes"),
        (M,),
        mechanism.check_consent_text,
    ),
    "forms": WorkCheck(gettext_noop("Forms load"), (M,), mechanism.check_forms, 2),
    "cases": WorkCheck(
        gettext_noop("Cases run to their end, with consent"),
        (PracticePart.CASES,),
        check_cases,
        2,
    ),
    "indicators": WorkCheck(
        gettext_noop("Few indicators, defined in full"),
        (M,),
        mechanism.check_indicators,
    ),
    "change": WorkCheck(
        gettext_noop("One change, open to the others"), (M,), mechanism.check_change
    ),
    "brief": WorkCheck(
        gettext_noop("Brief written, with figures"),
        (PracticePart.BRIEF,),
        check_brief,
        3,
    ),
    "words": WorkCheck(
        gettext_noop("The page that comes with it"), (), check_words, 300
    ),
    "loads_elsewhere": WorkCheck(
        gettext_noop("Loads elsewhere"), (M,), mechanism.check_loads_elsewhere
    ),
}


def run_checks(
    asked: Iterable[Plain], work: PracticeWork, base: Pack
) -> list[CheckResult]:
    """Run the checks that an assignment names, in its order."""
    results = []
    for line in asked:
        check = CHECKS[line["check"]]
        met, found = check.run(work, base, least=line.get("least", check.least))
        results.append(CheckResult(line["check"], met, tuple(found)))
    return results


def list_parts(asked: Iterable[Plain]) -> list[PracticePart]:
    """List what has to be taken out for these checks."""
    found = (part for line in asked for part in CHECKS[line["check"]].parts)
    return list(dict.fromkeys(found))

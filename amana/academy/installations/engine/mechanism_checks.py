"""What machines check in a draft of a mechanism, next to the one that it began from."""

from collections.abc import Callable, Iterator, Mapping

from amana.academy.installations.engine.findings import CheckFinding, build_finding
from amana.academy.installations.engine.practice_work import PracticeWork
from amana.design.mechanism.pack.pack_model import Chapter, Pack
from amana.design.pathway import soundness
from amana.design.pathway.pathway_model import Do
from amana.faults import gettext_noop

type Found = tuple[bool, list[CheckFinding]]

MOST_LISTED = 5
"""Faults, steps or names that one check lists; others show once these are mended."""
OPEN_PLACES = ("[…]", "TODO", "XXX")
"""A sentence may end in three dots; what is still to be written does so in brackets."""
DEAD_ENDS = frozenset(
    {
        *(soundness.NOTHING_LEADS, soundness.PART_UNUSED, soundness.NO_NEXT),
        *(soundness.NO_WAY_NEXT, soundness.END_INSIDE, soundness.NO_END),
        *(soundness.ENDLESS, soundness.PART_IN_ITSELF),
    }
)

NO_DRAFT = gettext_noop(
    "There is no draft yet. Open the mechanism in your practice installation, and "
    "begin a draft from the version in force."
)
FAULTS = gettext_noop(
    "The draft can’t be read as a whole; faults: %(count)s. Its overview page "
    "lists them; correct them there."
)
FORM_FAULT = gettext_noop("This form does not load: %(fault)s")


def find_pack(work: PracticeWork) -> tuple[Pack | None, list[CheckFinding]]:
    """Find the draft that can be read; else what keeps it from being read."""
    if not work.version:
        return None, [build_finding(NO_DRAFT)]
    if work.pack is None:
        return None, [build_finding(FAULTS, count=len(work.faults))]
    return work.pack, []


# -- the pathway

DRAWN = gettext_noop("Steps that you added or changed: %(count)s.")
NOT_DRAWN = gettext_noop(
    "Steps that you added or changed: %(count)s of %(least)s. Draw your own "
    "pathway under Steps of the draft."
)


def list_own_steps(pack: Pack, base: Pack) -> list[str]:
    """List the steps that the draft has and its beginning had not, or otherwise."""
    before = base.pathway.steps
    return [
        code for code, step in pack.pathway.steps.items() if before.get(code) != step
    ]


def check_pathway(work: PracticeWork, base: Pack, *, least: int) -> Found:
    """Check that a pathway was drawn."""
    pack, missing = find_pack(work)
    if pack is None:
        return False, missing
    own = list_own_steps(pack, base)
    if len(own) < least:
        return False, [build_finding(NOT_DRAWN, count=len(own), least=least)]
    return True, [build_finding(DRAWN, count=len(own))]


NO_DEAD_END = gettext_noop("Steps from which a case reaches an end: all %(count)s.")


def check_no_dead_end(work: PracticeWork, base: Pack, *, least: int) -> Found:
    """Check that each step leads on to an end, and that something leads to it."""
    if not work.version:
        return False, [build_finding(NO_DRAFT)]
    stuck = [fault for fault in work.faults if fault.sentence in DEAD_ENDS]
    if stuck:
        return False, [
            build_finding(fault.sentence, **fault.values)
            for fault in stuck[:MOST_LISTED]
        ]
    pack, missing = find_pack(work)
    if pack is None:
        return False, missing
    return True, [build_finding(NO_DEAD_END, count=len(pack.pathway.steps))]


# -- clocks

NO_CLOCK = gettext_noop(
    "No clock was set or changed. Give a step a time by which it is done, and "
    "state who is notified when it passes."
)
NO_ONE_TOLD = gettext_noop(
    "No one is notified when the clock of “%(step)s” passes. State who is (late)."
)
NOT_AGREED = gettext_noop(
    "The clock of “%(step)s” is not agreed by “%(role)s”. Open the consultation, act "
    "as one of its organisations (%(who)s), and sign."
)
AGREED = gettext_noop(
    "Clocks agreed by those who keep them and by those who are notified: %(count)s."
)


def check_clocks_agreed(work: PracticeWork, base: Pack, *, least: int) -> Found:
    """Check that each clock that was set is signed by both sides: an organisation of
    the role that keeps it, and one of each role that is told."""
    pack, missing = find_pack(work)
    if pack is None:
        return False, missing
    own = [step for step in iterate_timed(pack) if is_own_clock(step, base)]
    if len(own) < least:
        return False, [build_finding(NO_CLOCK, least=least)]
    signed = frozenset(work.version.get("signed_by", ()))
    wrong = [found for step in own for found in find_unagreed(step, pack, signed)]
    if wrong:
        return False, wrong[:MOST_LISTED]
    return True, [build_finding(AGREED, count=len(own))]


def iterate_timed(pack: Pack) -> Iterator[Do]:
    for step in pack.pathway.steps.values():
        if isinstance(step, Do) and step.due is not None:
            yield step


def is_own_clock(step: Do, base: Pack) -> bool:
    before = base.pathway.steps.get(step.id)
    return not isinstance(before, Do) or before.due != step.due


def find_unagreed(
    step: Do, pack: Pack, signed: frozenset[str]
) -> Iterator[CheckFinding]:
    if not step.late:
        yield build_finding(NO_ONE_TOLD, step=step.id)
    for code in dict.fromkeys((step.role, *step.late)):
        role = pack.roles.get(code)
        if role and signed.isdisjoint(role.who):
            names = [pack.organisations[who].name for who in role.who]
            yield build_finding(NOT_AGREED, step=step.id, role=code, who=names)


# -- texts

CHAPTERS = gettext_noop("Chapters of your own: %(count)s.")
FEW_CHAPTERS = gettext_noop(
    "Chapters of your own: %(count)s of %(least)s. Write them under Texts of the draft."
)
SHORT_CHAPTER = gettext_noop(
    "The chapter “%(title)s” has %(count)s words. Write at least %(least)s, so that a "
    "colleague can work by it."
)
OPEN_CHAPTER = gettext_noop(
    "The chapter “%(title)s” has an open place (%(place)s). Complete it."
)
LEAST_WORDS = 60


def check_procedures(work: PracticeWork, base: Pack, *, least: int) -> Found:
    """Check that the standard operating procedures are complete, in one language at
    least."""
    pack, missing = find_pack(work)
    if pack is None:
        return False, missing
    own = max(
        (list_own_chapters(pack, base, language) for language in pack.sop),
        key=len,
        default=[],
    )
    wrong = [found for chapter in own for found in find_open_places(chapter)]
    if len(own) < least:
        wrong = [build_finding(FEW_CHAPTERS, count=len(own), least=least), *wrong]
    return not wrong, wrong[:MOST_LISTED] or [build_finding(CHAPTERS, count=len(own))]


def list_own_chapters(pack: Pack, base: Pack, language: str) -> list[Chapter]:
    before = {chapter.name: chapter.words for chapter in base.sop.get(language, ())}
    return [
        chapter
        for chapter in pack.sop[language]
        if before.get(chapter.name) != chapter.words
    ]


def find_open_places(chapter: Chapter) -> Iterator[CheckFinding]:
    count = len(chapter.words.split())
    if count < LEAST_WORDS:
        yield build_finding(
            SHORT_CHAPTER, title=chapter.title, count=count, least=LEAST_WORDS
        )
    for place in OPEN_PLACES:
        if place in chapter.words:
            yield build_finding(OPEN_CHAPTER, title=chapter.title, place=place)


SAME_CONSENT = gettext_noop(
    "The consent text is still the one that you began from. Write your own, under "
    "Texts of the draft."
)
LONG_CONSENT = gettext_noop(
    "The consent text has %(count)s words. To be read aloud in three minutes, it has "
    "%(most)s at most."
)
CONSENT = gettext_noop("The consent text has %(count)s words: three minutes at most.")
THREE_MINUTES = 450
"""Words, at 150 a minute."""


def check_consent_text(work: PracticeWork, base: Pack, *, least: int) -> Found:
    """Check that a consent text of one's own can be read aloud in three minutes."""
    pack, missing = find_pack(work)
    if pack is None:
        return False, missing
    own = [
        words
        for language, words in pack.consent.items()
        if base.consent.get(language) != words
    ]
    if not own:
        return False, [build_finding(SAME_CONSENT)]
    count = max(len(words.split()) for words in own)
    if count > THREE_MINUTES:
        return False, [build_finding(LONG_CONSENT, count=count, most=THREE_MINUTES)]
    return True, [build_finding(CONSENT, count=count)]


# -- law, forms, indicators

LAW = gettext_noop("Provisions of law of your own: %(count)s, each with a step or gap.")
FEW_LAW = gettext_noop(
    "Provisions of law of your own: %(count)s of %(least)s. Add or change "
    "them under Law of the draft."
)
LAW_ALONE = gettext_noop(
    "The provision “%(code)s” has no step that honours it. Name one, or note the gap."
)


def check_law(work: PracticeWork, base: Pack, *, least: int) -> Found:
    """Check that obligations became steps, or gaps that are named."""
    pack, missing = find_pack(work)
    if pack is None:
        return False, missing
    own = {c: found for c, found in pack.law.items() if base.law.get(c) != found}
    wrong = [
        build_finding(LAW_ALONE, code=code)
        for code, provision in own.items()
        if not provision.honoured_by and not provision.note
    ]
    if len(own) < least:
        wrong = [build_finding(FEW_LAW, count=len(own), least=least), *wrong]
    return not wrong, wrong[:MOST_LISTED] or [build_finding(LAW, count=len(own))]


FORMS = gettext_noop("Forms of your own that load: %(names)s.")
FEW_FORMS = gettext_noop(
    "Forms of your own that load: %(count)s of %(least)s. Add a workbook "
    "under Files of the draft; one of the same name is replaced."
)


def check_forms(work: PracticeWork, base: Pack, *, least: int) -> Found:
    """Check that forms of one's own load."""
    wrong = [fault for fault in work.faults if fault.file.endswith(".xlsx")]
    if wrong:
        return False, [
            build_finding(FORM_FAULT, fault=str(fault)) for fault in wrong[:MOST_LISTED]
        ]
    pack, missing = find_pack(work)
    if pack is None:
        return False, missing
    # By what is in them: one that came along is not one's own under another name, and
    # one workbook under two names is one.
    shipped = {base.files[f"forms/{name}.xlsx"] for name in base.forms}
    by_content = {pack.files[f"forms/{name}.xlsx"]: name for name in pack.forms}
    own = [name for content, name in by_content.items() if content not in shipped]
    if len(own) < least:
        return False, [build_finding(FEW_FORMS, count=len(own), least=least)]
    return True, [build_finding(FORMS, count=len(own), names=own)]


NO_INDICATOR = gettext_noop("There is no indicator. Keep or write at least one.")
INDICATORS = gettext_noop("Indicators: %(count)s, each defined in full.")
MANY_INDICATORS = gettext_noop(
    "Indicators: %(count)s. Keep at most %(most)s: those on which someone acts."
)
OPEN_INDICATOR = gettext_noop(
    "The indicator “%(code)s” has no %(what)s. Complete it, or remove it."
)
MOST_INDICATORS = 6
PARTS_OF_INDICATOR = {
    "of": gettext_noop("denominator"),
    "target": gettext_noop("target"),
    "steps": gettext_noop("step that it is about"),
}


def check_indicators(work: PracticeWork, base: Pack, *, least: int) -> Found:
    """Check that there are few indicators, and that each is defined in full."""
    pack, missing = find_pack(work)
    if pack is None:
        return False, missing
    count = len(pack.indicators)
    if not count:
        return False, [build_finding(NO_INDICATOR)]
    wrong = [
        build_finding(OPEN_INDICATOR, code=code, what=what)
        for code, indicator in pack.indicators.items()
        for name, what in PARTS_OF_INDICATOR.items()
        if not getattr(indicator, name)
    ]
    if count > MOST_INDICATORS:
        # The others may go, so what they lack is not listed yet.
        wrong = [build_finding(MANY_INDICATORS, count=count, most=MOST_INDICATORS)]
    return not wrong, wrong[:MOST_LISTED] or [build_finding(INDICATORS, count=count)]


# -- a change, and how far it is

CHANGED = gettext_noop("You changed %(what)s, and opened it to the others.")
NOT_CHANGED = gettext_noop(
    "Nothing that is agreed has changed: no step, clock, duty or rule of sharing. "
    "Change one."
)
NOT_OPENED = gettext_noop(
    "You changed %(what)s, and the draft is still yours alone. Open the consultation, "
    "so that others can comment and sign."
)
PIECES: Mapping[str, Callable[[Pack], object]] = {
    gettext_noop("steps"): lambda pack: pack.pathway.steps,
    gettext_noop("clocks"): lambda pack: pack.clocks,
    gettext_noop("duties"): lambda pack: pack.duties,
    gettext_noop("rules of sharing"): lambda pack: pack.sharing,
    gettext_noop("procedures"): lambda pack: pack.sop,
}


def check_change(work: PracticeWork, base: Pack, *, least: int) -> Found:
    """Check that something that is agreed was changed, and is open to the others."""
    pack, missing = find_pack(work)
    if pack is None:
        return False, missing
    changed = [name for name, get in PIECES.items() if get(pack) != get(base)]
    if not changed:
        return False, [build_finding(NOT_CHANGED)]
    if work.version.get("state") == "draft":
        return False, [build_finding(NOT_OPENED, what=changed[0])]
    return True, [build_finding(CHANGED, what=changed[0])]


LOADS = gettext_noop(
    "Another installation loads it. Files that were read as it reads them: %(count)s."
)
LOADS_NOT = gettext_noop("Another installation would refuse it: %(fault)s")


def check_loads_elsewhere(work: PracticeWork, base: Pack, *, least: int) -> Found:
    """Check that another installation would load the mechanism, and the services."""
    if not work.version:
        return False, [build_finding(NO_DRAFT)]
    wrong = [
        *(str(fault) for fault in work.faults),
        *(str(fault) for fault in work.service_faults),
    ]
    if wrong:
        return False, [
            build_finding(LOADS_NOT, fault=fault) for fault in wrong[:MOST_LISTED]
        ]
    files = len(work.pack.files) if work.pack else 0
    return True, [build_finding(LOADS, count=files + bool(work.services))]

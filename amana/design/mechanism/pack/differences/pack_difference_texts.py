"""The sentences of differences between two packs."""

from amana.design.pathway.pathway_differences import ReplacementTexts
from amana.faults import gettext_noop

NEW = gettext_noop("%(name)s is new.")
GONE = gettext_noop("%(name)s no longer exists.")
CHANGED = gettext_noop("%(name)s has changed.")
TITLE = gettext_noop("The mechanism is now called %(now)s (previously %(before)s).")
NOTICE = gettext_noop("The notice on printed pages has changed.")
JURISDICTION = gettext_noop("It now applies in %(now)s (previously %(before)s).")
LANGUAGES = gettext_noop("Its languages are now %(now)s (previously %(before)s).")
REVIEW = ReplacementTexts(
    gettext_noop(
        "The mechanism as a whole will be reviewed on %(now)s (previously %(before)s)."
    ),
    gettext_noop("The mechanism as a whole will be reviewed on %(now)s."),
    gettext_noop("There is no longer a date to review the mechanism as a whole."),
)
KEYS = ReplacementTexts(
    gettext_noop(
        "A colleague’s keys are now removed %(now)s after the second person "
        "confirms (previously %(before)s)."
    ),
    gettext_noop(
        "A colleague’s keys are now removed %(now)s after the second person confirms."
    ),
    gettext_noop(
        "A colleague’s keys are removed one day after the second person confirms "
        "(previously %(before)s)."
    ),
)
WEEKEND = gettext_noop("Offices are now closed on %(now)s (previously %(before)s).")
OPEN = gettext_noop(
    "Offices are now open from %(opens)s to %(closes)s (previously "
    "%(before_opens)s to %(before_closes)s)."
)
ZONE = gettext_noop("The time zone is now %(now)s (previously %(before)s).")
HOLIDAYS = gettext_noop("New public holidays: %(days)s.")
HOLIDAYS_NOT = gettext_noop("No longer public holidays: %(days)s.")
CALLED = gettext_noop("%(before)s is now called %(name)s.")
WORDS = gettext_noop("%(name)s: the wording has changed in %(languages)s.")
PLAYS = gettext_noop("%(name)s may now also be played by %(organisations)s.")
PLAYS_NOT = gettext_noop("%(name)s may no longer be played by %(organisations)s.")
ACCESS = gettext_noop(
    "%(name)s may now do in Amana what a %(now)s does (previously %(before)s)."
)
SPHERE = gettext_noop(
    "%(name)s now belongs to the sphere %(now)s (previously %(before)s)."
)
REFERS = gettext_noop("%(name)s may now send referrals.")
REFERS_NOT = gettext_noop("%(name)s may no longer send referrals.")
CERTIFICATES = gettext_noop("%(name)s now needs these certificates too: %(codes)s.")
CERTIFICATES_NOT = gettext_noop(
    "%(name)s no longer needs these certificates: %(codes)s."
)
SORT = gettext_noop("%(name)s is now of the kind %(now)s (previously %(before)s).")
SIGNS = gettext_noop("%(name)s now signs.")
SIGNS_NOT = gettext_noop("%(name)s no longer signs.")
ANSWERS = gettext_noop("%(name)s: %(now)s now answers for it (previously %(before)s).")
DOES = ReplacementTexts(
    gettext_noop("%(name)s: now done by %(now)s (previously %(before)s)."),
    gettext_noop("%(name)s: now done by %(now)s."),
    gettext_noop("%(name)s: no longer done by %(before)s."),
)
ASKED = ReplacementTexts(
    gettext_noop(
        "%(name)s: now consulted beforehand: %(now)s (previously %(before)s)."
    ),
    gettext_noop("%(name)s: now consulted beforehand: %(now)s."),
    gettext_noop(
        "%(name)s: no one is consulted beforehand any more (previously %(before)s)."
    ),
)
TOLD = ReplacementTexts(
    gettext_noop("%(name)s: now informed afterwards: %(now)s (previously %(before)s)."),
    gettext_noop("%(name)s: now informed afterwards: %(now)s."),
    gettext_noop(
        "%(name)s: no one is informed afterwards any more (previously %(before)s)."
    ),
)
CLOCK = ReplacementTexts(
    gettext_noop(
        "%(clock)s, urgency %(urgency)s: now within %(now)s (previously %(before)s)."
    ),
    gettext_noop("%(clock)s, urgency %(urgency)s: now within %(now)s."),
    gettext_noop(
        "%(clock)s, urgency %(urgency)s: there is no longer a clock (previously "
        "%(before)s)."
    ),
)
LEARNS = gettext_noop("The sphere %(sphere)s may now also receive: %(compartments)s.")
LEARNS_NOT = gettext_noop(
    "The sphere %(sphere)s may no longer receive: %(compartments)s."
)
HONOURED = ReplacementTexts(
    gettext_noop("%(name)s is now honoured by %(now)s (previously %(before)s)."),
    gettext_noop("%(name)s is now honoured by %(now)s."),
    gettext_noop("%(name)s is no longer honoured by any step (previously %(before)s)."),
)
CONSENT = ReplacementTexts(
    gettext_noop("The consent text has changed in %(language)s."),
    gettext_noop("There is now a consent text in %(language)s."),
    gettext_noop("There is no longer a consent text in %(language)s."),
)
CHAPTER = ReplacementTexts(
    gettext_noop("Procedures, %(language)s: “%(title)s” has changed."),
    gettext_noop("Procedures, %(language)s: “%(title)s” is new."),
    gettext_noop("Procedures, %(language)s: “%(title)s” no longer exists."),
)

"""What people are asked about the help they got: a short list, the same everywhere.

Each question is asked so that yes is good, none of them need be answered, and the
answers are yes, partly, no. What is asked of the help are the themes of GBVIMS+ client
feedback, with what survivors asked to add, the weightiest first; what is asked of life
are the seven of the Modern Slavery Core Outcome Set (King's College London, Helen
Bamber Foundation, Survivor Alliance, 2023).
"""

from collections.abc import Mapping
from itertools import batched

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.insight.facts.codes import Outcome
from amana.insight.facts.codes import SurveyQuestion as Q

ON_A_PAGE = 4


class FeedbackAnswer(models.TextChoices):
    YES = "yes", pgettext_lazy("an answer", "Yes")
    PARTLY = "partly", pgettext_lazy("an answer", "Partly")
    NO = "no", pgettext_lazy("an answer", "No")


class SlipMoment(models.TextChoices):
    """What a slip asks about: the help now, or how life is since."""

    HELP = "help", _("The help that people got")
    INTAKE = "intake", _("Their life, at the beginning")
    M3 = "m3", _("Their life, after 3 months")
    M6 = "m6", _("Their life, after 6 months")
    M12 = "m12", _("Their life, after 12 months")


type Questions = Mapping[str, str | Promise]

HELP: Questions = {
    Q.SAFE: _("Did you feel safe here?"),
    Q.DIGNITY: _("Were you treated with respect?"),
    Q.OPTIONS: _("Did someone explain what kinds of help there are?"),
    Q.DECISIONS: _("Did you decide for yourself what happens?"),
    Q.FREE_NO: _("Could you say no without fear?"),
    Q.LANGUAGE: _("Could you speak in a language that you know well?"),
    Q.HELPED: _("Did it help with what you needed?"),
    Q.SATISFIED: _("Overall, are you satisfied with the help?"),
    Q.NOT_JUDGED: _("Were you listened to without being judged?"),
    Q.FRIENDLY: _("Were people friendly?"),
    Q.COMFORT: _("Were you at ease with the person who helped you?"),
    Q.TIME: _("Was there enough time for you?"),
    Q.WHO_SAW: _("Do you know who can see the information you gave?"),
    Q.CONFIDENTIAL: _("As far as you know, was your information kept secret?"),
    Q.PRIVATE: _("Was there a place to talk where no one else could listen?"),
    Q.UNSEEN: _("Could you come without being seen by others?"),
    Q.STORY_ONCE: _("Did you have to tell your story only once?"),
    Q.SAME_WORKER: _("Did you meet the same person each time?"),
    Q.SUPPORT_PERSON: _("Could someone you trust be with you?"),
    Q.REFERRED: _(
        "If help was not available here, did someone explain where to find it?"
    ),
    Q.HOURS: _("Was it open when you could come?"),
    Q.COST: _("Could you get here without it costing you too much?"),
    Q.COMPLAIN: _("Could you complain here without fear?"),
    Q.BETTER: _("Do you feel better than before?"),
    Q.RECOMMEND: _("Would you recommend us to a friend?"),
}
OUTCOMES: Questions = {
    Outcome.HOUSING: _("Do you have a place to live that is safe and suits you?"),
    Outcome.SAFETY: _("Are you safe from those who harmed you?"),
    Outcome.SUPPORT: _("Is there someone who will keep helping you?"),
    Outcome.KINDNESS: _("Do those who help you treat you with care?"),
    Outcome.PURPOSE: _("Is your life going the way you want?"),
    Outcome.TREATMENT: _("Can you see a doctor when you need one?"),
    Outcome.EDUCATION: _("Can you learn what you want to learn?"),
}


def get_questions(moment: str) -> Questions:
    return HELP if moment == SlipMoment.HELP else OUTCOMES


def split_pages(moment: str) -> list[tuple[str, ...]]:
    """Split the questions, a few at a time."""
    return list(batched(map(str, get_questions(moment)), ON_A_PAGE, strict=False))


def get_fact_kind(moment: str) -> str:
    """Return the kind of fact that an answer becomes."""
    return "feedback" if moment == SlipMoment.HELP else "outcome"

"""What people said of a house, what was changed because of it, a complaint that others
look at again, one that waits, and what the survivors' council advises."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from amana.care.referrals.models import Referral
from amana.demo.before import BODY, READERS
from amana.demo.country import DemoCountry
from amana.insight.feedback import actions
from amana.insight.feedback.actions.partner_ratings import RULES
from amana.insight.feedback.models import (
    Complaint,
    ComplaintKind,
    ComplaintOutcome,
    DeskDuty,
    PartnerSide,
    Voice,
)
from amana.insight.feedback.partner_scores import ASKED
from amana.insight.feedback.questions import SlipMoment
from amana.insight.feedback.themes import Theme
from amana.trust.access.models import Role, User

HOUSE = "Dar Amal"

SAID = (
    ("The door of my room does not lock from inside.", {Theme.SAFETY, Theme.HOUSE}),
    ("I could not sleep because the corridor light is on all night.", {Theme.SAFETY}),
    ("لا يوجد قفل على باب الغرفة.", {Theme.SAFETY}),
    ("أريد مكانًا أتكلم فيه بالهاتف وحدي.", {Theme.SAFETY, Theme.PHONE}),
    ("On entre dans la chambre sans frapper.", {Theme.SAFETY, Theme.RESPECT}),
    ("La nuit, tout le monde peut ouvrir ma porte.", {Theme.SAFETY}),
    ("I want to know who comes into the house before they come.", {Theme.SAFETY}),
    ("النافذة في الطابق الأرضي لا تُغلق جيدًا.", {Theme.SAFETY}),
    ("The cook is very kind. Only a lock is missing.", {Theme.THANKS, Theme.SAFETY}),
    ("My daughter is afraid of the men who repair things.", {Theme.SAFETY}),
    ("Un verrou, s’il vous plaît, et une lampe pour la nuit.", {Theme.SAFETY}),
    ("أعرف الآن من أسأل. شكرًا.", {Theme.THANKS}),
)
GOOD, MIXED = {"safe": "partly", "dignity": "yes", "options": "yes"}, {"safe": "no"}

YOU_SAID = {
    "en": "Rooms in the house can be opened by anybody at night.",
    "fr": "La nuit, n’importe qui peut ouvrir les chambres de la maison.",
    "ar": "يستطيع أيّ شخص أن يفتح غرف البيت ليلًا.",
}
WE_DID = {
    "en": "Each room now has a lock that opens from inside without a key. Whoever "
    "repairs something comes by day, and a colleague is with them.",
    "fr": "Chaque chambre a maintenant un verrou qui s’ouvre de l’intérieur sans clé. "
    "Les réparations se font le jour, en présence d’une collègue.",
    "ar": "لكل غرفة الآن قفل يُفتح من الداخل بلا مفتاح. وتتمّ الإصلاحات نهارًا وبحضور "
    "زميلة.",
}
SAID_THERE = (
    ("Nobody tells me what comes next, and when.", {Theme.INFORMATION}),
    ("لا أعرف ماذا يحدث بعد المقابلة.", {Theme.INFORMATION, Theme.MIND}),
    ("I was moved twice and each time I heard it that morning.", {Theme.INFORMATION}),
    ("On me dit toujours: demain. Mais quoi, demain?", {Theme.INFORMATION}),
    ("Who decides about my papers? Nobody could say.", {Theme.INFORMATION}),
    ("أريد ورقة فيها مواعيدي.", {Theme.INFORMATION}),
    ("Je ne sais pas combien de temps je peux rester ici.", {Theme.INFORMATION}),
    ("The lawyer comes some day. Which day?", {Theme.INFORMATION, Theme.LAW}),
    ("انتظرت ثلاثة أسابيع ولم يتصل بي أحد.", {Theme.INFORMATION, Theme.WAITING}),
    ("I would like to hear the truth, also when it is bad.", {Theme.INFORMATION}),
    ("Un calendrier dans ma langue m’aiderait.", {Theme.INFORMATION}),
    ("They are kind, but they do not know it either.", {Theme.INFORMATION}),
)
NOT_KNOWN = {
    "en": "We don’t know what comes next, and when.",
    "fr": "Nous ne savons pas ce qui vient ensuite, ni quand.",
    "ar": "لا نعرف ماذا يأتي بعد ذلك ولا متى.",
}
A_PAPER = {
    "en": "Each person now gets a paper in their language with the next three steps: "
    "what, with whom, by when. It is read aloud to them, and changed with them.",
    "fr": "Chaque personne reçoit un papier dans sa langue avec les trois prochaines "
    "étapes: quoi, avec qui, pour quand. On le lui lit, et on le change avec elle.",
    "ar": "يحصل كلّ شخص الآن على ورقة بلغته فيها الخطوات الثلاث التالية: ماذا ومع من "
    "ومتى. تُقرأ له الورقة وتُغيَّر معه.",
}


@dataclass(frozen=True)
class InventedFeedback:
    """What twelve people of one house wrote, and what was changed because of it."""

    house: str
    words: tuple[tuple[str, set[Theme]], ...]
    theme: Theme
    said: dict[str, str]
    did: dict[str, str]


TOLD = (
    InventedFeedback(HOUSE, SAID, Theme.SAFETY, YOU_SAID, WE_DID),
    InventedFeedback(
        "Harbour House", SAID_THERE, Theme.INFORMATION, NOT_KNOWN, A_PAPER
    ),
)
ADVICE = {
    "en": "Ask each person a week before they move to another house, and let them see "
    "it first.",
    "fr": "Demandez à chaque personne une semaine avant un changement de maison, et "
    "laissez-la la voir d’abord.",
    "ar": "اسألوا كلّ شخص قبل أسبوع من نقله إلى بيت آخر، ودعوه يراه أولًا.",
}


def listen_to_people(country: DemoCountry) -> str:
    """Write and read slips, publish what was changed, complain and advise; return the
    line of progress.
    """
    for told in TOLD:
        write_slips(country, told)
    # Words are read only after they were mixed: their order must not show who wrote.
    actions.mix_words()
    read_voices(country)
    for told in TOLD:
        actions.announce_change(
            told.theme, said=told.said, did=told.did, by=country.coordinator
        )
    make_complaint(country)
    give_advice(country)
    rate_partners(country)
    return "What people say"


def write_slips(country: DemoCountry, told: InventedFeedback) -> None:
    house = country.teams[told.house]
    worker = country.who(house, Role.SUPERVISOR)
    codes = actions.print_slips(house.organisation, SlipMoment.HELP, by=worker)
    for number, (code, (words, _themes)) in enumerate(
        zip(codes, told.words, strict=True)
    ):
        actions.answer_with_slip(code, GOOD if number % 2 else MIXED, words)


def read_voices(country: DemoCountry) -> None:
    reader = country.who(country.teams[READERS], Role.FOCAL_POINT)
    voices = list(Voice.objects.unmarked())
    words = actions.open_voices(voices, by=reader)
    themes = {said: found for told in TOLD for said, found in told.words}
    for voice in voices:
        if words[voice.pk] != SAID[-1][0]:  # one is left to be read
            actions.mark_themes(voice, themes[words[voice.pk]], by=reader)


def make_complaint(country: DemoCountry) -> None:
    house = country.teams[HOUSE].organisation
    lawyer = country.who(country.teams[BODY], Role.SUPERVISOR)
    code = actions.take_complaint(
        ComplaintKind.SECRET, "Somebody told my aunt where I live.", about=house
    )
    told: Complaint = actions.look_up_complaint(code).complaint
    actions.close_complaint(
        told,
        ComplaintOutcome.RIGHT,
        "You were right. Whoever answers the telephone now says nothing to anybody.",
        by=lawyer,
    )
    readers = country.teams[READERS]
    actions.appoint_team(readers, DeskDuty.REVIEWS, by=country.coordinator)
    actions.request_review(code, "My aunt still calls. Nobody has spoken with her.")
    actions.transfer_letters(told, by=lawyer)
    actions.take_complaint(
        ComplaintKind.REFUSED, "I wait for the doctor for weeks.", about=None
    )


def give_advice(country: DemoCountry) -> None:
    house = country.teams[HOUSE]
    actions.record_advice(
        ADVICE,
        to=house.organisation,
        due_on=timezone.localdate() + timedelta(days=60),
        by=country.coordinator,
    )


RATED = 10
"""So many referrals that ended are rated; the others wait for a rating."""


def rate_partners(country: DemoCountry) -> None:
    """Give a rating of the other, from both sides of some referrals."""
    ended = Referral.objects.ended().select_related("sender", "recipient")
    for number, referral in enumerate(ended.order_by("pk")[:RATED]):
        for side in PartnerSide:
            if by := next(iterate_raters(country, referral, side), None):
                said = dict.fromkeys(ASKED[side], "yes")
                said[list(said)[number % len(said)]] = "partly"
                actions.rate_referral(referral, side, said, by=by)


def iterate_raters(
    country: DemoCountry, referral: Referral, side: PartnerSide
) -> Iterator[User]:
    team = referral.sender_id if side == PartnerSide.SENDER else referral.recipient_id
    for _role, user in country.members[team]:
        if RULES[side].permits(user, referral):
            yield user

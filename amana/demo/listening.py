"""What people said of a house, what was changed because of it, a complaint that was
answered and one that waits, and what the survivors' council advises."""

from datetime import timedelta

from django.utils import timezone

from amana.demo.country import Country
from amana.insight.feedback import actions
from amana.insight.feedback.models import Complaint, Duty, Kind, Outcome, Voice
from amana.insight.feedback.questions import Moment
from amana.insight.feedback.themes import Theme
from amana.trust.access.models import Role

HOUSE, READERS, BODY = "Dar Amal", "Many Voices", "Open Door Legal Aid"

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
ADVICE = {
    "en": "Ask each person a week before they move to another house, and let them see "
    "it first.",
    "fr": "Demandez à chaque personne une semaine avant un changement de maison, et "
    "laissez-la la voir d’abord.",
    "ar": "اسألوا كلّ شخص قبل أسبوع من نقله إلى بيت آخر، ودعوه يراه أولًا.",
}


def listen(country: Country) -> str:
    """What came of it, for whoever watches."""
    readers, body = country.teams[READERS], country.teams[BODY]
    for team, duty in ((readers, Duty.FEEDBACK), (body, Duty.COMPLAINTS)):
        actions.appoint(team, duty, by=country.coordinator)
    speak(country)
    read(country)
    complain(country)
    advise(country)
    return "What people say"


def speak(country: Country) -> None:
    house = country.teams[HOUSE]
    worker = country.who(house, Role.SUPERVISOR)
    codes = actions.print_slips(house.organisation, Moment.HELP, by=worker)
    for number, (code, (words, _themes)) in enumerate(zip(codes, SAID, strict=True)):
        actions.answer(code, GOOD if number % 2 else MIXED, words)
    actions.mix()


def read(country: Country) -> None:
    reader = country.who(country.teams[READERS], Role.FOCAL_POINT)
    voices = list(Voice.objects.unmarked())
    words = actions.opened(voices, by=reader)
    themes = dict(SAID)
    for voice in voices:
        if words[voice.pk] != SAID[-1][0]:  # one is left to be read
            actions.mark(voice, themes[words[voice.pk]], by=reader)
    actions.publish(Theme.SAFETY, said=YOU_SAID, did=WE_DID, by=country.coordinator)


def complain(country: Country) -> None:
    house = country.teams[HOUSE].organisation
    lawyer = country.who(country.teams[BODY], Role.SUPERVISOR)
    actions.complain(Kind.SECRET, "Somebody told my aunt where I live.", about=house)
    first = Complaint.objects.get()
    actions.close(
        first,
        Outcome.RIGHT,
        "You were right. Whoever answers the telephone now says nothing to anybody.",
        by=lawyer,
    )
    actions.complain(Kind.REFUSED, "I wait for the doctor for weeks.", about=None)


def advise(country: Country) -> None:
    house = country.teams[HOUSE]
    actions.advise(
        ADVICE,
        to=house.organisation,
        due_on=timezone.localdate() + timedelta(days=60),
        by=country.coordinator,
    )

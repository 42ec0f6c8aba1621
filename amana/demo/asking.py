"""What is asked of those who decide: a brief that is out, and one that is being
written."""

from collections.abc import Mapping

from django.utils.translation import override

from amana.demo.country import DemoCountry
from amana.insight.briefs import actions, cited_figures, printing
from amana.insight.briefs.brief_checks import OPEN
from amana.insight.briefs.models import Brief
from amana.insight.briefs.starting import BriefSubject
from amana.insight.briefs.texts import LANGUAGES, load_text
from amana.insight.gaps import gap_view
from amana.insight.release.models import Release
from amana.trust.access.models import Role, User

FIRST, SECOND = "I26", "I20"
WRITTEN: dict[str, dict[str, str]] = {
    "en": {
        "title": "Fund thirty more places, so that nobody is turned away",
        "who": "The Council of Ministers, on a proposal of the Ministry of Social "
        "Affairs and the Ministry of Finance.",
        "voices": "Many said that they waited for days without knowing what comes "
        "next.\nMany had to tell their story at each new desk.",
        "causes": "Places are funded project by project, for a year at most.\nHouses "
        "say no to people without papers, and to families.\nNo one office knows where "
        "a place is free.",
        "a": "Open thirty places, with a budget line of their own",
        "recommendation": "We recommend option A: thirty places in three regions, paid "
        "from the ordinary budget.",
        "cost": "Thirty places cost 328 500 euro a year, with staff by day and night.",
        "contacts": "National Coordination Office, coordination@office.example",
    },
    "fr": {
        "title": "Financer trente places de plus, pour ne refuser personne",
        "who": "Le Conseil des ministres, sur proposition du Ministère des Affaires "
        "sociales et du Ministère des Finances.",
        "voices": "Beaucoup ont attendu des jours sans savoir ce qui vient ensuite.\n"
        "Beaucoup ont dû raconter leur histoire à chaque guichet.",
        "causes": "Les places sont financées projet par projet, pour un an au plus.\n"
        "Des maisons refusent les personnes sans papiers et les familles.\nAucun "
        "bureau ne sait où une place est libre.",
        "a": "Ouvrir trente places, avec leur propre ligne budgétaire",
        "recommendation": "Nous recommandons l’option A : trente places dans trois "
        "régions, payées par le budget ordinaire.",
        "cost": "Trente places coûtent 328 500 euros par an, avec du personnel jour et "
        "nuit.",
        "contacts": "Bureau national de coordination, coordination@office.example",
    },
    "ar": {
        "title": "تمويل ثلاثين مكانًا إضافيًا كي لا يُرد أحد",
        "who": "مجلس الوزراء باقتراح من وزارة الشؤون الاجتماعية ووزارة المالية.",
        "voices": "قال كثيرون إنهم انتظروا أيامًا دون أن يعرفوا ما يأتي بعد ذلك.\n"
        "واضطر كثيرون إلى رواية قصتهم عند كل مكتب.",
        "causes": "تُموَّل الأماكن مشروعًا بعد مشروع، لسنة على الأكثر.\nترفض بيوت من لا "
        "أوراق لهم كما ترفض العائلات.\nلا يعرف أي مكتب أين يوجد مكان شاغر.",
        "a": "فتح ثلاثين مكانًا ببند خاص في الميزانية",
        "recommendation": "نوصي بالخيار أ: ثلاثون مكانًا في ثلاث مناطق تُموَّل من "
        "الميزانية العادية.",
        "cost": "تكلّف الأماكن الثلاثون 328 500 يورو في السنة مع موظفين ليلًا ونهارًا.",
        "contacts": "مكتب التنسيق الوطني، coordination@office.example",
    },
}


REPORTED: dict[str, dict[str, str]] = {
    "en": {
        "summary": "More people were found than in the year before, and more of them "
        "said that what was arranged reached them. Who is turned away is most often a "
        "family, or has no papers. Places are lacking in the regions, and money for "
        "them is promised for a year at most.",
        "done": "Interpreters can be reached by telephone, day and night.\n"
        "Every referral is answered or asked after within its time.\n"
        "The house in the south was opened to men.",
        "recommendations": "Fund thirty more places from the ordinary budget.\n"
        "Open houses to families, and to people without papers.\n"
        "Let people rest before they decide, whether or not they help the police.",
        "contacts": "National Coordination Office, coordination@office.example",
    },
    "fr": {
        "summary": "Plus de personnes ont été identifiées que l’année précédente, et "
        "plus d’entre elles disent que l’aide convenue leur est parvenue. On refuse le "
        "plus souvent les familles et ceux qui n’ont pas de papiers. Les places "
        "manquent dans les régions, et leur argent est promis pour un an au plus.",
        "done": "On joint des interprètes par téléphone, jour et nuit.\n"
        "Chaque orientation reçoit une réponse ou un rappel dans son délai.\n"
        "La maison du sud s’est ouverte aux hommes.",
        "recommendations": "Financer trente places de plus par le budget ordinaire.\n"
        "Ouvrir les maisons aux familles et à ceux qui n’ont pas de papiers.\n"
        "Laisser le temps de se reposer avant de décider, avec ou sans la police.",
        "contacts": "Bureau national de coordination, coordination@office.example",
    },
    "ar": {
        "summary": "تم التعرف على أعداد أكبر من السنة السابقة، وقال كثيرون منهم إن ما "
        "اتُّفق عليه وصل إليهم. أكثر من يُردّ العائلات ومن لا أوراق لهم. تنقص الأماكن في "
        "المناطق، ولا يُوعد بمالها لأكثر من سنة.",
        "done": "يمكن الوصول إلى المترجمين بالهاتف ليلًا ونهارًا.\n"
        "كل إحالة تُجاب أو يُسأل عنها في وقتها.\n"
        "فُتح البيت في الجنوب للرجال.",
        "recommendations": "تمويل ثلاثين مكانًا إضافيًا من الميزانية العادية.\n"
        "فتح البيوت للعائلات ولمن لا أوراق لهم.\n"
        "ترك وقت للراحة قبل القرار، سواء ساعدوا الشرطة أم لا.",
        "contacts": "مكتب التنسيق الوطني، coordination@office.example",
    },
}


def ask_ministers(country: DemoCountry) -> str:
    """Publish one brief and begin another; return the line of progress."""
    team = country.teams["National Coordination Office"]
    analyst = country.who(team, Role.ANALYST)
    year = cited_figures.list_years()[0]
    brief = actions.begin_brief(BriefSubject(FIRST), year=year, by=analyst)
    for language in LANGUAGES:
        with override(language):
            write_brief(brief, language, analyst)
    actions.request_review(brief, by=analyst)
    publish_brief(brief, by=country.coordinator)
    actions.begin_brief(BriefSubject(SECOND, choose_gap()), year=year, by=analyst)
    return "A brief to the ministers"


def publish_report(release: Release, *, by: User, publisher: User) -> None:
    """Publish the national report, of figures that are out."""
    begun = actions.begin_report(release, by=by)
    for language in LANGUAGES:
        with override(language):
            write_brief(begun, language, by, REPORTED[language])
    publish_brief(begun, by=publisher)


def publish_brief(brief: Brief, *, by: User) -> None:
    text = load_text(brief)
    long = printing.is_too_long(text, LANGUAGES, by=None)
    actions.publish(
        brief, LANGUAGES, seen=text.latest, too_long=long, looked=True, by=by
    )


def write_brief(
    brief: Brief, language: str, by: User, written: Mapping[str, str] | None = None
) -> None:
    """Write what only people know; the rest stays as it was drafted by itself."""
    for section in brief.sections:
        text = load_text(brief)
        said = {part.code: text.raw(part.code, language) for part in section.parts}
        known = dict(written or WRITTEN[language]) | {
            "by_when": f"{brief.year + 1}-03-31"
        }
        new = {code: known[code] for code in said if code in known}
        if "chart" in said:
            new["chart"] = "sex"
        if new or any(OPEN in words for words in said.values()):
            was = text.newest(section, language)
            actions.write_section(
                brief, section.code, language, said | new, was=was, by=by
            )


def choose_gap() -> str:
    """Choose the first gap in the order of the package."""
    found = gap_view.build_look().gaps
    return ".".join(found[0].key) if found else ""

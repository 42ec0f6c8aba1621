"""Small numbers in a sentence: those that count persons, and those that may.

Numbers in digits of any script or in words; the words around them show what they
count. It can't know every word for a person: a small number that is not known to
count something else is for a second person to check.
"""

import re
from collections.abc import Iterator

from amana.design.directory.identifying_details import MONTHS

SMALLEST = 11
"""A count of fewer persons is never shown (as CTDC)."""

PERSON = re.compile(
    r"(?:persons?|people|victims?|survivors?|wom[ae]n|m[ae]n|girls?|boys?|child(?:ren)?|"
    r"minors?|migrants?|patients?|adults?|infants?|bab(?:y|ies)|mothers?|fathers?|"
    r"clients?|beneficiar(?:y|ies)|cases?|teenagers?|refugees?|sisters?|brothers?|"
    r"siblings?|workers?|employees?|nationals?|applicants?|seekers?|detainees?|"
    r"returnees?|witness(?:es)?|daughters?|sons|wives|husbands?|"
    r"personnes?|victimes?|survivante?s?|femmes?|hommes?|filles?|garçons?|enfants?|"
    r"mineure?s?|migrante?s?|patiente?s?|adultes?|bébés?|mères?|pères?|cas|"
    r"bénéficiaires?|adolescente?s?|réfugiée?s?|ressortissante?s?|s(?:œ|oe)urs?|"
    r"frères?|travailleu(?:rs?|ses?)|employée?s?|ouvri(?:ers?|ères?)|"
    r"demandeu(?:rs?|ses?)|détenue?s?|témoins?|"
    r"(?:و?[بلك]?ال|[وبلك])?(?:أشخاص|شخصا?|شخصًا|ضحايا|ضحية|ناجيات|ناجين|ناجون|ناجية|"
    r"نساء|امرأة|رجال|رجلا?|فتيات|فتاة|فتيان|فتى|أطفال|طفلا?|طفلة|قاصرين|قاصرات|قاصر|"
    r"مهاجرين|مهاجرات|مهاجر|مرضى|مريض|حالات|حالة|لاجئين|لاجئ|لاجئات|عاملات|عاملين|"
    r"عمال|عاملة|شقيقات|أشقاء|أخوات|إخوة|موظفات|موظفين|مواطنات|مواطنين|سيدات|شابات|"
    r"شبان|محتجزات|محتجزين|شهود|بنات|أبناء))",
    re.IGNORECASE,
)
DUAL = re.compile(
    r"(?:و?[بلك]?ال|[وبلك])?(?:"
    r"(?:شخص|ضحيت|ناجيت|امرأت|رجل|فتات|فتا|طفل|طفلت|حالت|قاصرت|مهاجرت|شقيقت|شقيق|أخت|"
    r"عاملت|موظفت|مواطنت|لاجئت|سيدت|شابت|ابنت|محتجزت|مريضت)(?:ان|ين)|"
    r"(?:قاصر|مهاجر|عامل|موظف|مواطن|لاجئ|محتجز|أخو)ان)"
)
"""Two persons, by their ending; “مهاجرين” are many."""
PERHAPS_DUAL = re.compile(r"\w{2,}ت(?:ان|ين)")


def split_words(words: str) -> frozenset[str]:
    return frozenset(words.split())


COUNTED: dict[str, int] = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten",
        "_ deux trois quatre cinq six sept huit neuf dix",
        "_ _ ثلاث أربع خمس ست سبع ثمان تسع عشر",
        "_ اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة",
        "_ اثنين _ _ _ _ _ ثماني",
        "_ اثنتان",
        "_ اثنتين",
    )
    for number, word in enumerate(words.split(), 1)
    if word != "_"
}
ABOUT = split_words(
    "both dozen single couple pair trio seul seule douzaine dizaine واحد واحدة"
)
"""Words that count few without saying how many, or one among others."""
ALONE = frozenset({"seul", "seule"})
"""Only after “un” and “une” do they count."""
FOLLOWING = frozenset({"واحد", "واحدة"})
"""They follow what they count."""
LARGE = split_words(
    "hundred hundreds thousand thousands million millions billion billions cent cents "
    "mille milliard milliards vingt vingts مئة مائة مئات آلاف ألف مليون ملايين مليار "
    "عشر عشرة عشرون عشرين وعشرون وعشرين وثلاثون وثلاثين وأربعون وأربعين وخمسون وخمسين "
    "وستون وستين وسبعون وسبعين وثمانون وثمانين وتسعون وتسعين"
)
"""After a small number, they make a large one."""
TENS = split_words(
    "twenty thirty forty fifty sixty seventy eighty ninety vingt trente quarante "
    "cinquante soixante vingts"
)
TEEN = frozenset({"عشر", "عشرة"})
WORD = re.compile(
    r"\d{1,3}(?:[ \u00a0\u202f,.’]\d{3})+(?!\d)|\d+(?:[.,٫]\d+)?|[^\W\d]+|[%٪:;(=–—-]"
)
BETWEEN = 3
"""So many words may be between a number and whom it counts: “4 of the women”."""
SMALL_WORDS = (
    "for to in with within on at by and or dans à par et ou في إلى : ; ( = – — -"
)
UNITS = split_words(
    "% ٪ per percent cent pour hour hours day days week weeks month months year "
    "years minute minutes night nights time times heure heures jour jours semaine "
    "semaines mois an ans année années nuit nuits fois ساعة ساعات يوم يومًا أيام "
    "أسبوع أسابيع شهر شهرًا أشهر سنة سنوات عام أعوام ليال مرات مرة بالمئة "
    "telephone telephones phone phones numéro numéros هاتف رقم جهة جهات "
    "euro euros dollar dollars usd eur يورو دولار "
    "place places bed beds lits lit option options step steps number numbers "
    "shelter shelters house houses centre centres clinic clinics hospital "
    "hospitals "
    "office offices agency agencies ministry ministries service services region "
    "regions district districts area areas country countries language languages "
    "page pages figure figures indicator indicators measure measures law laws "
    "article articles meeting meetings course courses question questions sector "
    "sectors organisation organisations team teams vehicle vehicles room rooms "
    "desk "
    "desks point points part parts project projects gap gaps reason reasons thing "
    "things way ways form forms source sources quarter quarters line lines budget "
    "recommendation recommendations report reports standard standards stop "
    "maison maisons foyer foyers abri abris centres clinique cliniques hôpital "
    "hôpitaux bureau bureaux agence agences ministère ministères région régions "
    "pays langue langues page chiffre chiffres indicateur indicateurs mesure "
    "mesures loi lois réunion réunions cours question secteur secteurs équipe "
    "équipes véhicule véhicules salle salles guichet guichets projet projets "
    "lacune "
    "raison raisons chose choses façon façons formulaire formulaires trimestre "
    "ligne lignes rapport rapports étape étapes "
    "مكان أماكن سرير أسرة خيار خيارات خطوة خطوات مأوى ملاجئ بيوت مركز مراكز عيادة "
    "عيادات مستشفى مستشفيات مكتب مكاتب وكالة وكالات وزارة وزارات خدمة خدمات منطقة "
    "مناطق بلد بلدان لغة لغات صفحة صفحات مؤشر مؤشرات تدبير تدابير قانون قوانين "
    "اجتماع اجتماعات سؤال أسئلة قطاع قطاعات منظمة منظمات فريق فرق غرفة غرف مشروع "
    "مشاريع فجوة فجوات سبب أسباب أمر أمور طريقة طرق مصدر مصادر ربع أرباع توصية "
    "توصيات تقرير تقارير نقطة نقاط سنتين سنتان مرتين مرتان ساعتين ساعتان ليلتين "
    "ليلتان دقيقتين صفحتين صفحتان جهتين جهتان خدمتين خدمتان وزارتين وزارتان "
    "منطقتين منطقتان خطوتين مرحلتين وظيفتان وظيفتين إضافيتان إضافيتين "
    f"{MONTHS.replace('|', ' ')}"
)
"""What is known not to be a person."""
OTHERS_COUNTED = UNITS | frozenset(SMALL_WORDS.split())
BETWEEN_UNITS = split_words(
    "- more new other further whole full working calendar last next first such main "
    "nouveaux nouvelles nouveau nouvelle autres autre derniers dernières prochains "
    "prochaines de des"
)
"""May be between a number and its unit: “3 more beds”."""
NAMED_BY = split_words(
    "article articles option step number page figure table goal chapter section part "
    "annex indicator sdg no level phase étape chapitre tableau numéro niveau annexe "
    "المادة مادة الخيار خيار الخطوة صفحة الهدف المرحلة الملحق الجدول"
) | frozenset(MONTHS.split("|"))
"""A number after it is its name: “Article 4”."""
RANGES = split_words("to à إلى – — - or ou أو")
RATIO = frozenset({"in", "sur", "of", "أصل", "كل"})
SHARES = frozenset({"in", "sur", "من"})
OTHER_ONES = frozenset({"need", "no", "this", "that", "each", "every", "which", "any"})
"""Before “one”, they do not count."""
JOINS = frozenset({":", "(", "=", "–", "—", "-"})


def read_number(word: str) -> int | None:
    """Read a whole number, in digits of any script or in words."""
    word = word.lower()
    # Arabic writes “and”, “with”, “for” and “so” as one letter before the word.
    for said in (word, word[1:] if word[:1] in {"و", "ب", "ل", "ف"} else word):
        if said in COUNTED:
            return COUNTED[said]
    digits = re.sub(r"[ \u00a0\u202f,.’](?=\d{3})", "", word)
    return int(digits) if digits.isdecimal() else None


def iterate_small_numbers(words: list[str]) -> Iterator[int]:
    """Iterate the positions of small numbers."""
    for at, word in enumerate(words):
        number = read_number(word)
        if number is None or not 0 < number < SMALLEST:
            continue
        before, after = get_word(words, at - 1), get_word(words, at + 1)
        if after == "-":
            after = get_word(words, at + 2) if get_word(words, at + 2) in LARGE else ""
        if before == "-" and get_word(words, at - 2) in TENS:
            continue  # twenty-three
        # Five hundred; in Arabic the teens are two words, the small one first.
        if after in LARGE or (word.lower() in TEEN and read_number(before) is not None):
            continue
        yield at


def get_word(words: list[str], at: int) -> str:
    return words[at].lower() if 0 <= at < len(words) else ""


def find_few_people(sentence: str) -> str:
    """Find the part of a sentence that counts a small number of persons; or nothing."""
    words = WORD.findall(sentence)
    for word in words:
        if DUAL.fullmatch(word):
            return str(word)
    return next(
        filter(None, (_whom(words, at) for at in iterate_small_numbers(words))), ""
    )


def find_many_people(sentence: str) -> str:
    """Find the part of a sentence that counts a larger number of persons; or
    nothing."""
    words = WORD.findall(sentence)
    for at, word in enumerate(words):
        number = read_number(word)
        # Such a number is taken for a year, though it could count people: a brief is
        # full of years.
        if number is None or number < SMALLEST or number in YEARS:
            continue
        if get_word(words, at - 1) not in NAMED_BY and (found := _whom(words, at)):
            return found
    return ""


YEARS = range(1900, 2101)


def _whom(words: list[str], at: int) -> str:
    """Find whom the number counts: persons soon after it, or right before."""
    if (
        at > 1
        and words[at - 1].lower() in RATIO
        and read_number(words[at - 2]) is not None
    ):
        return ""  # one in five women: a share
    for nth, word in enumerate(words[at + 1 : at + 2 + BETWEEN]):
        if PERSON.fullmatch(word):
            return " ".join(words[at : at + 2 + nth])
        # A unit, a preposition or another number comes first: the number counts that.
        if word.lower() in OTHERS_COUNTED or read_number(word) is not None:
            break
    before = [word for word in words[max(0, at - 2) : at] if word not in JOINS]
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    joined = at > 0 and words[at - 1] in JOINS
    if joined and before and PERSON.fullmatch(before[-1]):
        counts_else = after in OTHERS_COUNTED - JOINS
        return "" if counts_else else f"{before[-1]} {words[at]}"
    return ""


def may_count_few(sentence: str) -> bool:
    """Ask whether a small number in it is not known to count something else."""
    words = WORD.findall(sentence)
    perhaps = [
        at
        for at, word in enumerate(words)
        if word.lower() in ABOUT
        or (PERHAPS_DUAL.fullmatch(word) and word.removeprefix("و") not in UNITS)
    ]
    numbers = [*perhaps, *iterate_small_numbers(words)]
    return any(not _counts_else(words, at) for at in numbers)


def _counts_else(words: list[str], at: int) -> bool:
    word = words[at].lower()
    before, after = get_word(words, at - 1), get_word(words, at + 1)
    if before in NAMED_BY or (word == "one" and before in OTHER_ONES):
        return True
    if word in ALONE:
        return before not in {"un", "une"} or after in UNITS
    if word in FOLLOWING and before in UNITS:
        return True
    if after in SHARES | RANGES and read_number(get_word(words, at + 2)) is not None:
        return True  # one in five; 9 to 3 days: the last of them is looked at
    if before in SHARES and read_number(get_word(words, at - 2)) is not None:
        return True
    following = (get_word(words, position) for position in range(at + 1, len(words)))
    first = next((token for token in following if token not in BETWEEN_UNITS), "")
    return first in UNITS

"""Numbers of people that a second person has to look at.

A number below 11 is pointed out whatever it counts, unless it is a length of time, a
share, a date or the number of an article. What it counts, its reader knows. Lists of
words: it can't find everything, and points out harmless sentences too.
"""

import re

from amana.design.directory.identifying_details import DATE, NUMBER

SMALLEST = 11
"""A count of fewer persons is never shown (as CTDC)."""
YEARS = range(1900, 2101)

PERSON = (
    r"(?:persons?|people|victims?|survivors?|wom[ae]n|m[ae]n|girls?|boys?|child(?:ren)?|"
    r"minors?|migrants?|patients?|adults?|infants?|bab(?:y|ies)|mothers?|fathers?|"
    r"clients?|beneficiar(?:y|ies)|teenagers?|refugees?|sisters?|brothers?|siblings?|"
    r"workers?|employees?|nationals?|applicants?|seekers?|detainees?|returnees?|"
    r"witness(?:es)?|daughters?|sons|wives|husbands?|"
    r"personnes?|victimes?|survivante?s?|femmes?|hommes?|filles?|garçons?|enfants?|"
    r"mineure?s?|migrante?s?|patiente?s?|adultes?|bébés?|mères?|pères?|"
    r"bénéficiaires?|adolescente?s?|réfugiée?s?|ressortissante?s?|s(?:œ|oe)urs?|"
    r"frères?|travailleu(?:rs?|ses?)|employée?s?|ouvri(?:ers?|ères?)|"
    r"demandeu(?:rs?|ses?)|détenue?s?|témoins?|"
    r"(?:و?[بلك]?ال|[وبلك])?(?:أشخاص|شخصا?|شخصًا|ضحايا|ضحية|ناجيات|ناجين|ناجون|ناجية|"
    r"نساء|امرأة|رجال|رجلا?|فتيات|فتاة|فتيان|فتى|أطفال|طفلا?|طفلة|قاصرين|قاصرات|قاصر|"
    r"مهاجرين|مهاجرات|مهاجر|مرضى|مريض|لاجئين|لاجئ|لاجئات|عاملات|عاملين|عمال|عاملة|"
    r"شقيقات|أشقاء|أخوات|إخوة|موظفات|موظفين|مواطنات|مواطنين|سيدات|شابات|شبان|محتجزات|"
    r"محتجزين|شهود|بنات|أبناء))"
)
DUAL = (
    r"(?:و?[بلك]?ال|[وبلك])?(?:\w{2,}ت(?:ان|ين)|(?:شخص|رجل|طفل|فتا|شقيق|اثن)(?:ان|ين)|"
    r"(?:قاصر|مهاجر|عامل|موظف|مواطن|لاجئ|محتجز|أخو)ان)"
)
"""Two, by their ending; “مهاجرين” are many."""

DIGITS = r"\d{1,3}(?:[ \u00a0\u202f,.’]\d{3})+(?!\d)|\d+(?:[.,٫]\d+)?"
TIMES = (
    r"\s+(?:(?:working|calendar|more|full)\s+)?"
    r"(?:minutes?|hours?|days?|nights?|weeks?|months?|years?|times|heures?|jours?|nuits?|"
    r"semaines?|mois|ans?|années?|fois|ساعات?|أيام|يوم|ليال|أسابيع|أشهر|سنوات|مرات)(?!\w)"
)
SPANS = r"(?:ساعت|يوم|ليلت|أسبوع|شهر|سنت|عام|مرت|دقيقت)(?:ان|ين)"
"""Two hours, days, years."""
LARGE = r"[\s-]+(?:hundred|thousand|million|cents?|mille|millions?|مئة|آلاف|ألف|عشرة?)"

NAMED = r"(?:article|option|SDG|ODD|page|step|étape|المادة|الخيار|الخطوة)\s+\d+"

LEFT_OUT = re.compile(
    # A date, but not the number of those who came then: “In May 4 migrants were freed”.
    rf"(?:{DATE.pattern})(?!\s+(?:[^\W\d]+\s+)?{PERSON}(?!\w))|{NUMBER.pattern}"
    # A share is of no one in particular.
    r"|(?<!\w)(?:\w+|\d+)\s+(?:in|out of|sur|من|من كل)\s+"
    r"(?:five|ten|hundred|cinq|dix|cent|خمسة|عشرة|مئة|100|10|5)(?!\w)"
    rf"|(?:{DIGITS})\s*(?:[%٪]|per\s?cent|pour cent|بالمئة)"
    rf"|(?:{DIGITS}){TIMES}|(?<!\w)[وفبل]?{SPANS}(?!\w)"
    rf"|(?:{DIGITS})\s+(?:to|à|إلى|and|et|و)\s+(?:{DIGITS}){TIMES}"
    rf"|{NAMED}"
    # Eleven to nineteen in Arabic.
    r"|(?<!\w)[وفبل]?(?:ثلاث|أربع|خمس|ست|سبع|ثمان|ثماني|تسع)ة?\s+عشرة?(?!\w)",
    re.IGNORECASE,
)
SMALL_WORD = re.compile(
    r"(?<!\w)(?:(?:two|three|four|five|six|seven|eight|nine|ten|both|dozen|couple|pair|"
    r"trio|deux|trois|quatre|cinq|sept|huit|neuf|dix|dizaine|douzaine|"
    rf"[وفبل]?(?:ثلاث|أربع|خمس|ست|سبع|ثمان|تسع|عشر|ثماني)ة?)(?!\w)(?!{TIMES}|{LARGE})"
    # One alone.
    rf"|(?:one|single|une? seule?)\s+(?:[^\W\d]+\s+){{0,2}}?{PERSON}(?!\w)"
    r"|(?<!no )one\s+(?:of\s+(?:them|those|these)|was|were|had|has)(?!\w)"
    rf"|{PERSON}\s+واحدة?(?!\w)|{DUAL}(?!\w))",
    re.IGNORECASE,
)
COUNT_OF_PEOPLE = re.compile(
    rf"({DIGITS})\s+(?:of\s+(?:the\s+)?|des\s+|من\s+)?(?:[^\W\d]+\s+)?{PERSON}(?!\w)"
    rf"|(?<!\w){PERSON}\s*[:(]\s*({DIGITS})",
    re.IGNORECASE,
)
PEOPLE = re.compile(rf"(?<!\w)(?:{PERSON}|{DUAL})(?!\w)", re.IGNORECASE)


def has_small_number(sentence: str) -> bool:
    """Ask whether there is a number below 11, in digits or in words."""
    rest = LEFT_OUT.sub(" · ", sentence)
    digits = (int(n) for n in re.findall(DIGITS, rest) if n.isdecimal())
    return bool(SMALL_WORD.search(rest)) or any(0 < n < SMALLEST for n in digits)


def has_count_of_people(sentence: str) -> bool:
    """Ask whether a number of people was typed; one that can be a year is taken for
    it."""
    rest = re.sub(NAMED, " · ", sentence, flags=re.IGNORECASE)
    typed = (before or after for before, after in COUNT_OF_PEOPLE.findall(rest))
    numbers = (int(re.sub(r"\D", "", number)) for number in typed)
    return any(number >= SMALLEST and number not in YEARS for number in numbers)


def has_people(sentence: str) -> bool:
    return bool(PEOPLE.search(sentence))

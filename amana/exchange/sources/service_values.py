"""The values of one service, as the directory has them: each step reads some of them,
and remarks what it can't read."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from amana.exchange.rows import ServiceValues
from amana.exchange.sources.assembling import FoundRow
from amana.exchange.sources.columns import MEANINGS
from amana.exchange.sources.location_values import read_location, read_served
from amana.exchange.sources.mapping import SourceMapping
from amana.exchange.sources.service_facts import (
    Fact,
    ServiceFacts,
    Step,
    remark_unread,
)
from amana.exchange.sources.source_tables import iterate_texts, join_texts
from amana.exchange.sources.terms import CODED, convert_terms, list_words
from amana.exchange.sources.values import (
    DAY,
    EMAIL,
    NO_VOICE,
    build_spans,
    find_language_code,
    format_phone,
    is_web_address,
    parse_clock,
    parse_day,
    parse_moment,
    parse_number,
    read_days,
    read_hours,
    shorten_text,
)


def read_texts(facts: ServiceFacts) -> Step:
    """Read what is text in the directory too."""
    found: ServiceValues = {}
    for name in ("name_en", "name_fr", "name_ar"):
        if text := facts.get_text(f"service.{name}"):
            found[name] = shorten_text(text, 200)
    for name in ("description", "conditions", "information_needed"):
        if text := facts.join_words(f"service.{name}"):
            found[name] = text
    if note := facts.join_words("service.hours_note", ", "):
        found["hours_note"] = shorten_text(note, 200)
    if cost := facts.join_words("service.cost_note", "; "):
        found |= {"costs": True, "cost_note": shorten_text(cost, 200)}
    return found, []


def read_terms(facts: ServiceFacts) -> Step:
    """Read what their words stand for; those that are not decided yet are remarked."""
    found: ServiceValues = {}
    remarks = []
    for name, meanings in CODED.items():
        words = [
            word
            for code in meanings
            for fact in facts.list_nearest(code)
            for word in list_words(fact.cell)
        ]
        codes, open_words = convert_terms(name, words, facts.mapping.terms)
        found |= {of: merge_codes(found.get(of), value) for of, value in codes.items()}
        remarks += [
            _("“%(word)s” (%(what)s) is not decided yet.")
            % {"word": word, "what": MEANINGS[meanings[0]].label}
            for word in open_words
        ]
    # The directory holds how to refer only of services that accept referrals.
    if found.get("accepts_referrals") is False:
        found.pop("referral_method", None)
    return found, remarks


def merge_codes(held: object, new: object) -> object:
    """Merge the codes that two columns give one field; of two single ones the later."""
    if isinstance(held, list) and isinstance(new, list):
        return sorted({*held, *new})
    return new


def read_numbers(facts: ServiceFacts) -> Step:
    found: ServiceValues = {}
    remarks = []
    for name, most in (("age_min", 150), ("age_max", 150)):
        if not (said := facts.get_text(f"service.{name}")):
            continue
        number = parse_number(said)
        if number is not None and 0 <= number <= most:
            found[name] = int(number)
        else:
            remarks.append(remark_unread(f"service.{name}", said))
    if found.get("age_min", 0) > found.get("age_max", 150):
        return {}, [*remarks, _("Its youngest age is above its oldest.")]
    return found, remarks


def read_spans(facts: ServiceFacts) -> Step:
    found: ServiceValues = {}
    remarks = []
    for name in ("answers_within_hours", "feedback_within_hours"):
        said = facts.list_texts(f"service.{name}")
        hours = [h for text in said if (h := parse_span(text)) is not None]
        if hours:
            found[name] = max(hours)
        elif said:
            remarks.append(remark_unread(f"service.{name}", said[0]))
    return found, remarks


LONGEST_SPAN, LONGEST_EMAIL = 100, 320
"""Characters that are looked at: a pattern could work on a long text for minutes."""
MOST_PLACES = 100_000
UNITS = (
    (1, r"h(?:ours?|rs?|eures?)?\b|ساع"),
    (24, r"d(?:ays?)?\b|j(?:ours?)?\b|يوم|أيام"),
    (168, r"w(?:eeks?)?\b|semaines?\b|أسبوع|أسابيع"),
    (720, r"months?\b|mois\b|شهر|أشهر"),
)
NUMBERS = {
    word: number
    for number, words in enumerate(
        ["one a an un une واحد", "two deux", "three trois", "four quatre", "five cinq"],
        1,
    )
    for word in words.split()
}


def parse_span(said: str) -> int | None:
    """Parse a span of time as hours: `One week`, `48 h`, `3 jours`. None if it is
    none."""
    text = said[:LONGEST_SPAN].strip().lower()
    for hours, unit in UNITS:
        for found in re.finditer(rf"(?:(\d{{1,4}}|[^\W\d]+)\s*)?\b(?:{unit})", text):
            word = found[1] or "1"
            number = int(word) if word.isdecimal() else NUMBERS.get(word)
            if number is not None:
                return hours * number
    return None


def read_contacts(facts: ServiceFacts) -> Step:
    """Read the telephone on which people speak, the nearest one; e-mail and web page of
    the service itself."""
    found: ServiceValues = {}
    remarks = []
    if numbers := list_phones(facts):
        found["phone"] = shorten_text(numbers[0], 60)
        another = _("It has another telephone number: %(phone)s")
        remarks += [another % {"phone": number} for number in numbers[1:]]
    if email := facts.get_text("service.email"):
        address = EMAIL.search(email[:LONGEST_EMAIL])
        if address:
            found["email"] = address[0].strip(".,;<>")
        else:
            remarks.append(
                _("“%(email)s” is not an e-mail address.")
                % {"email": shorten_text(email, 60)}
            )
    page = facts.get_text("service.website") or facts.get_text("organisation.website")
    if page:
        address_of_page = page if "://" in page else f"https://{page}"
        if is_web_address(address_of_page):
            found["website"] = address_of_page
        else:
            no_page = _("“%(page)s” is not the address of a web page, or is too long.")
            remarks.append(no_page % {"page": shorten_text(page, 200)})
    return found, remarks


def list_phones(facts: ServiceFacts) -> list[str]:
    """List numbers of the service itself, else those listed nearest to it, else its
    organisation's."""
    # A number of the organisation's headquarters is better than none, and worse than
    # that of the place where someone answers.
    own = facts.list_texts("service.phone")
    for distance in sorted(
        {f.at.distance for f in facts.facts.get("phone.number", [])}
    ):
        if own:
            break
        own = [
            number
            for fact in facts.facts["phone.number"]
            if fact.at.distance == distance
            if (number := read_phone(facts, fact))
        ]
    numbers = own or facts.list_texts("organisation.phone")
    return list(dict.fromkeys(numbers))


def read_phone(facts: ServiceFacts, fact: Fact) -> str:
    """Read a number that is for speaking; empty for a fax."""
    columns = facts.mapping.find_columns
    table, row = fact.at.table.name, fact.at.row

    def get(code: str) -> str:
        return next((join_texts(row.values.get(c)) for c in columns(table, code)), "")

    if get("phone.kind").lower() in NO_VOICE:
        return ""
    said = {"number": join_texts(fact.cell), "extension": get("phone.extension")}
    return format_phone(said)


def read_opening(facts: ServiceFacts) -> Step:
    """Read the hours of opening, from columns of days and clocks, or from words."""
    spans: list[list[int]] = []
    remarks: list[str] = []
    unclear = _("Part of its opening hours is unclear.")
    for at in dict.fromkeys(fact.at for fact in facts.list_nearest("hours.opens")):
        found = read_schedule(facts.mapping, at)
        spans += found or []
        remarks += [unclear] if found is None else []
    text = facts.join_words("hours.text", "; ")
    if not spans and text:
        hours = read_hours(text)
        if hours is None:
            return {"hours_note": shorten_text(" ".join(text.split()), 200)}, []
        spans = hours
    if not spans:
        return {}, remarks
    alike = sorted(map(list, {tuple(span) for span in spans}))
    return {"hours": alike}, remarks


def read_schedule(mapping: SourceMapping, at: FoundRow) -> list[list[int]] | None:
    """Read one row of days, opening and closing; None if it can't be read. Where it has
    several times, the earliest opening and the latest closing hold: which go together
    isn't told."""

    def texts(code: str) -> list[str]:
        columns = mapping.find_columns(at.table.name, code)
        return [t for c in columns for t in iterate_texts(at.row.values.get(c))]

    days = sorted({day for said in texts("hours.days") for day in read_days(said)})
    opens = [m for said in texts("hours.opens") if (m := parse_clock(said)) is not None]
    closes = [
        m for said in texts("hours.closes") if (m := parse_clock(said)) is not None
    ]
    if [[0, 7 * DAY]] in map(read_hours, texts("hours.opens")):
        return [[0, 7 * DAY]]
    told = [texts(f"hours.{part}") for part in ("days", "opens", "closes")]
    if not all(told):
        return []  # some of it was not asked
    return (
        build_spans(days, min(opens), max(closes))
        if days and opens and closes
        else None
    )


def read_languages(facts: ServiceFacts) -> Step:
    """Read the languages spoken; a word that is none becomes a remark."""
    codes: set[str] = set()
    remarks = []
    for fact in facts.list_nearest("language.name"):
        for word in list_words(fact.cell):
            if code := find_language_code(word):
                codes.add(code)
            else:
                unknown = _("The language “%(word)s” is not known.")
                remarks.append(unknown % {"word": shorten_text(word, 60)})
    return ({"languages": sorted(codes)} if codes else {}), remarks


def read_dates(facts: ServiceFacts) -> Step:
    said = facts.get_text("service.funded_until")
    if not said:
        return {}, []
    day = parse_day(said)
    if day is None:
        return {}, [remark_unread("service.funded_until", said)]
    return {"funded_until": day}, []


def read_places(facts: ServiceFacts) -> Step:
    """Read how many places are free, if it is told when they were counted."""
    free = parse_number(facts.get_text("service.places_free"))
    total = parse_number(facts.get_text("service.places_total"))
    when = parse_moment(facts.get_text("service.places_said_at"))
    told = [number for number in (free, total) if number is not None]
    if not told:
        return {}, []
    is_many = not all(0 <= number <= MOST_PLACES for number in told)
    if is_many or (free is not None and total is not None and free > total):
        return {}, [_("Its number of places free is not valid, so it is left out.")]
    # Without its time, a count of last year would be shown as one of today.
    if free is None or when is None:
        places = int(total if total is not None else free or 0)
        note = _("It has %(n)s places. How many are free, and since when, is missing.")
        return {}, [note % {"n": places}]
    return {
        "counts_places": True,
        "places_free": int(free),
        "places_total": int(total if total is not None else free),
        "places_said_at": when,
    }, []


STEPS: tuple[Callable[[ServiceFacts], Step], ...] = (
    read_texts,
    read_terms,
    read_numbers,
    read_spans,
    read_contacts,
    read_opening,
    read_languages,
    read_dates,
    read_places,
    read_location,
    read_served,
)

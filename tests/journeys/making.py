"""The work of a course, made by the pages of a practice installation, whose address
begins with `home`. Pages are found by what they are, not by the words on them."""

import re
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import FilePayload, Page

from amana.design.mechanism import writing
from amana.design.mechanism.pack import files

from .test_closing_the_loop import SAFE, do, go, take_effect

LONG = " ".join(["We", "ask", "her", "first."] * 20)
OPEN = "[…]"
SHELTERS = ("Harbour House", "Dar Amal", "Lantern Children's Centre")
SIGNERS = ("Border Guard", "National Coordination Office")
MECHANISM = Path(__file__).parents[2] / "mechanisms" / "example"


def submit(page: Page) -> None:
    page.locator('main form button:not([type="button"])').last.click()
    page.wait_for_load_state()


def act_as(page: Page, home: str, who: str) -> None:
    """Act as the account whose name and offices are these words; "" as oneself."""
    page.goto(f"{home}/practice/")
    choice = page.locator('[name="account"]')
    options = choice.locator("option").all()
    found = next(o for o in options if re.search(who, o.inner_text())) if who else None
    choice.select_option((found or options[0]).get_attribute("value"))
    page.locator('main form[action$="/practice/as"] button').click()
    page.wait_for_load_state()


def bring(page: Page, name: str, kind: str, content: bytes) -> None:
    """Bring a file by the form of this page."""
    sent: FilePayload = {"name": name, "mimeType": kind, "buffer": content}
    page.locator('main [type="file"]').set_input_files([sent])
    submit(page)


# -- contacts, services


def add_contacts(page: Page, home: str, count: int) -> None:
    for number in range(count):
        page.goto(f"{home}/cases/emergency-contacts/add")
        page.fill('[name="name"]', f"Line {number}")
        page.fill('[name="number"]', f"55 01 {number}")
        page.fill('[name="note"]', "At any hour, in English and Arabic")
        submit(page)


def add_services(page: Page, home: str, count: int) -> None:
    for number in range(count):
        page.goto(f"{home}/directory/new/")
        page.fill('[name="name"]', f"Ward {number}")
        team = page.locator('[name="team"]')
        team.select_option(index=1)
        for name, value in (("types_HE", "HE1"), ("languages", "ar")):
            box = page.locator(f'[name="{name}"][value="{value}"]')
            box.evaluate("e => e.closest('details')?.setAttribute('open', '')")
            box.check(force=True)
        for name in ("always_open",):
            box = page.locator(f'[name="{name}"]')
            box.evaluate("e => e.closest('details')?.setAttribute('open', '')")
            box.check(force=True)
        page.locator('[name="referral_method"]').evaluate(
            "e => { e.closest('details')?.setAttribute('open', ''); }"
        )
        page.locator('[name="referral_method"]').select_option("phone")
        page.fill('[name="phone"]', "55 02 00")
        submit(page)
        verify = page.locator('form[action$="/verify/"] button')
        if verify.count():
            verify.first.click()
            page.wait_for_load_state()


# -- the mechanism


def build_pack() -> bytes:
    """Build what was written at a desk: steps, a clock, law, indicators, texts."""
    found = dict(files.read_folder(MECHANISM))
    for step in ("screen", "inform"):
        said = ("steps", step, "do", "en")
        found |= writing.write_value(found, "pathway.yaml", said, f"Now {step}")
    due = ("steps", "screen", "due")
    found |= writing.write_value(found, "pathway.yaml", due, "PT8H")
    law = writing.read_plain(found, "law.yaml")
    for code in list(law)[:5]:
        place = (code, "obliges", "en")
        found |= writing.write_value(found, "law.yaml", place, "Ask her first.")
    named = writing.read_plain(found, "indicators.yaml")["indicators"]
    whole = [code for code, i in named.items() if {"of", "target", "steps"} <= i.keys()]
    for code in set(named) - set(whole[:6]):
        gone = ("indicators", code)
        found |= writing.write_value(found, "indicators.yaml", gone, None)
    for chapter in ("06-first-contact", "09-consent", "13-referral", "15-children"):
        found[f"sop/en/{chapter}.md"] = f"# Our own\n\n{LONG}\n".encode()
    found["consent/en.md"] = f"# Consent\n\n{LONG}\n".encode()
    return files.write_zip(found)


def load_mechanism(page: Page, home: str) -> str:
    """Load it as a draft; returns the address of its page."""
    page.goto(f"{home}/mechanism/load/")
    bring(page, "own.zip", "application/zip", build_pack())
    return page.url


def add_step(page: Page, draft: str, *, after: str, words: str) -> None:
    """Add a step by what there is to click: the station of the step before it, where
    the pathway is drawn, what is told of that, and then its pages."""
    page.goto(f"{draft}steps/")
    page.locator(f'.station a[href="#{after}"]').first.click()
    told = page.locator(f"li[id={after}]")
    told.locator("summary").click()
    told.locator(f'a[href$="/steps/{after}/"]').click()
    page.locator(f'main a[href$="/{after}/after/do/"]').click()
    for language in ("en", "fr", "ar"):
        page.fill(f'[name="do_{language}"]', words)
    page.select_option('[name="role"]', "responder")
    page.locator("main .primary-bar button").first.click()
    page.wait_for_load_state()


def replace_forms(page: Page, draft: str, changed: dict[str, bytes]) -> None:
    """Bring workbooks into a draft: those of the same name are replaced."""
    for name, content in changed.items():
        page.goto(f"{draft}forms/add/")
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        bring(page, f"{name}.xlsx", kind, content)


def consult_and_sign(page: Page, home: str, draft: str) -> None:
    """Open the consultation; both sides of the clock sign."""
    page.goto(draft)
    page.locator('main form[action$="/consult/"] button').click()
    page.wait_for_load_state()
    for name in SIGNERS:
        act_as(page, home, rf"^{name} \(Supervisor\)")
        page.goto(f"{draft}signatures/")
        page.locator('main form[action*="/sign/"] button').first.click()
        page.wait_for_load_state()
    act_as(page, home, "")


# -- a case


def write_intake(page: Page, name: str, age: str) -> None:
    page.fill('[name="identity_name"]', name)
    page.fill('[name="identity_age"]', age)
    page.locator('[name="identity_sex"][value="female"]').check(force=True)
    page.locator('[name="identity_child"][value="no"]').check(force=True)
    page.locator('[name$="-type"]').first.select_option("SH2")
    page.locator('[name$="-urgency"][value="U1"]').first.check(force=True)
    page.locator('[name$="-words"]').first.fill("A door that I can lock.")
    go(page, "go", "open")


def run_case(page: Page, home: str, name: str, age: str) -> None:
    """Run a case from the safety questions to its end. Each is of another person: the
    same one would be asked for twice."""
    page.goto(f"{home}/cases/meet/")
    while page.locator("#gate").count():
        for code, answer in SAFE.items():
            choice = page.locator(f'[name="{code}"][value="{answer}"][type="radio"]')
            if choice.count():
                choice.check(force=True)
        go(page, "go", "next")
    write_intake(page, name, age)
    case = page.url
    page.locator('main a[href$="/choose/"]').first.click()
    page.wait_for_load_state()
    page.locator('main a[href*="/ask/"]').first.click()
    page.wait_for_load_state()
    page.locator('[name="understood"]').check()
    go(page, "answer", "given")
    referral = page.url.removesuffix("sent/")
    page.goto(referral)
    service = page.locator("main").inner_text()
    house = next(name for name in SHELTERS if name in service)

    act_as(page, home, rf"^{house} \(Focal point\)")
    page.goto(referral)
    do(page, "accept")
    tomorrow = timezone.localtime() + timedelta(days=1)
    do(page, "appointment", at=tomorrow.strftime("%Y-%m-%dT10:00"))
    do(page, "attended", early="on")
    do(page, "complete")
    take_effect(page)

    act_as(page, home, "")
    page.goto(referral)
    do(page, "confirm", outcome="met")
    take_effect(page)
    propose_closure(page, case)
    act_as(page, home, r"^Dar Amal \(Supervisor\)")
    review_closure(page, case)
    act_as(page, home, "")


def propose_closure(page: Page, case: str) -> None:
    fill_closure(page, case)
    act_on_closure(page)


def review_closure(page: Page, case: str) -> None:
    fill_closure(page, case)
    act_on_closure(page)
    take_effect(page)


def fill_closure(page: Page, case: str) -> None:
    page.goto(f"{case}close/")
    for box in page.locator('main [name="checklist"]').all():
        box.check(force=True)
    page.locator('main [name="reason"]').select_option("goals_met")


def act_on_closure(page: Page) -> None:
    form = page.locator("main form").filter(has=page.locator('[name="reason"]'))
    form.locator('button[type="submit"]').first.click()
    page.wait_for_load_state()


# -- the brief


def write_brief(page: Page, home: str) -> None:
    """Write in English what is still open, section by section."""
    page.goto(f"{home}/briefs/new")
    page.locator('[name="about"]').select_option("I20")
    submit(page)
    brief = page.url
    edits = page.locator('main a[href$="/edit"]').all()
    for there in list(dict.fromkeys(a.get_attribute("href") for a in edits)):
        page.goto(there or brief)
        for area in page.locator("main textarea, main input[type=text]").all():
            if OPEN in area.input_value() or not area.input_value().strip():
                area.fill("The Council of Ministers decides.")
        for day in page.locator("main input[type=date]").all():
            day.fill(f"{timezone.localdate().year + 1}-03-31")
        submit(page)
    page.goto(brief)

"""A session of thirty: who leads it, three in browsers of which one has no JavaScript,
and the others by the same requests as everybody. Poll, hand and pace, groups with
notes, a slip for leaving, and who was there."""

from dataclasses import dataclass
from threading import Lock
from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from amana.academy.cohorts.models import Cohort
from amana.academy.sessions.models import Session
from amana.ui.once import make_form_key

from .conftest import WIDTHS, Looks

POLL = '[data-poll="poll-1"]'
WIDE = max(WIDTHS)


def at(name: str, session: Session, *more: str) -> str:
    return reverse(f"sessions:{name}", args=[session.pk, *more])


def press(page: Page, button: Locator | str) -> None:
    """A button or link that leads to another page."""
    with page.expect_navigation():
        (page.locator(button) if isinstance(button, str) else button).first.click()


def enter(page: Page, session: Session) -> None:
    page.goto(at("room", session))
    press(page, ".primary-bar button")


def does(leads: Page, session: Session, kind: str, value: str = "") -> None:
    """Whoever leads presses a button of the plan."""
    which = f'[value="{value}"]' if value else ""
    press(leads, f'form[action="{at("do", session, kind)}"] button{which}')


def plans_to_meet(desk: Page, cohort: Cohort, look: Looks) -> Session:
    desk.goto(reverse("cohorts:cohort", args=[cohort.pk]))
    expect(desk.locator("main")).to_contain_text("Rosa Visitor")
    look(desk, "academy-cohort")
    press(desk, f'a[href="{reverse("sessions:plan", args=[cohort.pk])}"]')
    now = timezone.now().astimezone(cohort.zone)
    desk.locator("[name=day]").fill(f"{now:%Y-%m-%d}")
    desk.locator("[name=begins]").fill(f"{now:%H:%M}")
    desk.locator("[name=mode]").select_option("hybrid")
    desk.locator("[name=venue]").fill("Hall 2")
    look(desk, "sessions-plan")
    press(desk, "main form button[type=submit]")
    look(desk, "sessions-session")
    return Session.objects.get()


@dataclass
class Room:
    session: Session
    turns: Lock
    look: Looks
    leads: Page
    own: Page
    beside: Page
    plain: Page
    crowd: list[Client]

    @property
    def people(self) -> int:
        return 3 + len(self.crowd)

    def meets(self) -> None:
        self.comes_in()
        self.answers_a_poll()
        self.gives_signs()
        self.works_in_groups()
        self.leaves()

    def comes_in(self) -> None:
        press(self.leads, f'.primary-bar a[href="{at("lead", self.session)}"]')
        does(self.leads, self.session, "open")
        self.own.set_viewport_size({"width": WIDE, "height": WIDTHS[WIDE]})
        for page in (self.own, self.beside, self.plain):
            enter(page, self.session)
        for client in self.crowd:
            with self.turns:
                client.post(at("enter", self.session), make_form_key())
        here = self.own.locator('[data-said="here"]')
        expect(here).to_have_text(str(self.people))

    def answers_a_poll(self) -> None:
        does(self.leads, self.session, "step", "1")
        does(self.leads, self.session, "ask")
        question = self.own.locator(POLL)
        expect(question).to_be_visible()
        question.locator('button[value="2"]').focus()
        self.own.keyboard.press("Enter")
        expect(question.locator("[data-answered]")).to_have_text("1")
        self.beside.locator(f"{POLL} button").first.click()
        expect(self.beside.locator("[data-result]").first).to_be_visible()
        self.plain.reload()
        press(self.plain, f'{POLL} button[value="1"]')
        chosen = self.plain.locator(f'{POLL} [aria-pressed="true"]')
        expect(chosen).to_have_attribute("value", "1")
        for place, client in enumerate(self.crowd):
            said = {"poll": "poll-1", "choice": str(place % 3)}
            with self.turns:
                sent = client.post(
                    at("say", self.session, "answer"), make_form_key() | said
                )
            assert urlsplit(sent.headers["Location"]).path == at("room", self.session)
        every, a_third = str(self.people), str(self.people // 3)
        expect(question.locator("[data-answered]")).to_have_text(every)
        expect(question.locator('[data-count="2"]')).to_have_text(a_third)
        expect(self.beside.locator("[data-answered]").first).to_have_text(every)
        self.look(self.own, "sessions-room-poll")

    def gives_signs(self) -> None:
        self.own.locator("[data-hand]").click()
        expect(self.leads.locator('[data-said="hands"]')).to_have_text("1")
        self.own.locator('[data-pace="0"]').click()
        expect(self.beside.locator('[data-pace="0"] [data-count]')).to_have_text("1")
        first = self.leads.locator("#board tbody tr").first
        expect(first).to_contain_text("Rosa Visitor")
        self.look(self.leads, "sessions-lead")

    def works_in_groups(self) -> None:
        """What a group wrote is seen by the others once it shows it."""
        does(self.leads, self.session, "step", "2")
        self.leads.locator("#size").fill("5")
        does(self.leads, self.session, "divide")
        group = self.own.locator('[data-step="2"] [data-own-group]')
        expect(group).to_be_visible()
        board = f"group-1-{group.locator('[data-group-number]').inner_text()}"
        write = f'[data-board="{board}"] a'
        expect(self.own.locator(write)).to_be_visible()
        self.look(self.own, "sessions-room-groups")
        press(self.own, write)
        self.own.locator("[name=text]").fill("Ask before you write.")
        self.look(self.own, "sessions-notes")
        press(self.own, "main .form button[type=submit]")
        press(self.own, f'form[action="{at("report", self.session, board)}"] button')
        theirs = self.beside.locator(f'[data-board="{board}"]')
        expect(theirs).to_contain_text("Ask before you write.")
        does(self.leads, self.session, "gather")

    def leaves(self) -> None:
        does(self.leads, self.session, "step", "4")
        slip = self.own.locator('[data-step="4"] .ticket')
        slip.locator("textarea").fill("One question at a time.")
        slip.locator("button").click()
        expect(self.own.locator("[data-sent]")).to_be_visible()
        handed = self.leads.locator(".tickets")
        expect(handed).to_contain_text("One question at a time.")
        does(self.leads, self.session, "close")
        expect(self.own.locator("[data-gone]")).to_be_visible()
        self.leads.goto(at("attendance", self.session))
        expect(self.leads.locator("tbody tr")).to_have_count(self.people)
        self.look(self.leads, "sessions-attendance")
        # she came at ten past, says the paper list at the door
        rosa = self.leads.locator("tbody tr", has_text="Rosa Visitor")
        rosa.locator("input").fill("50")
        press(self.leads, ".primary-bar button")

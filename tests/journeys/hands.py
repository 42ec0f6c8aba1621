"""The hand of somebody at work in a page: finds things by what they are, and counts.

    hand = Hand(page)
    hand.press("go", "next")
    assert hand.taps <= 14

A press, a choice and a tick are a tap each; what is typed is counted by itself, and the
answers to the safety questions too: how many those are is not ours to save.
"""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

from amana import given

WORDS = "() => document.querySelector('main').innerText"
QUESTION = re.compile("^SAFE")


@dataclass
class Hand:
    page: Page
    taps: int = 0
    answers: int = 0
    typed: int = 0
    pages: list[int] = field(default_factory=list)
    """How many words stood on each page that was worked on, in their order."""

    def sees(self) -> None:
        """A page has come; its words are counted, those of folded parts not."""
        self.page.wait_for_load_state()
        self.pages.append(len(str(self.page.evaluate(WORDS)).split()))

    def tap(self, thing: Locator) -> None:
        self.taps += 1
        thing.click()
        self.page.wait_for_load_state()

    def press(self, name: str, value: str) -> None:
        self.tap(self.page.locator(f'main button[name="{name}"][value="{value}"]'))

    def follow(self, end: str) -> None:
        """Press the first link of the page whose address ends so."""
        self.tap(self.page.locator(f'main a[href$="{end}"]').first)

    def choose(self, name: str, value: str) -> None:
        """Choose one of several, in whichever way they are offered; or tick a box."""
        things = self.page.locator(f'main [name="{name}"]')
        if things.first.evaluate("e => e.tagName") == "SELECT":
            things.first.select_option(value)
        else:
            thing = self.page.locator(f'[name="{name}"][value="{value}"]').first
            self.page.locator("main label").filter(has=thing).first.click()
            assert thing.is_checked()
        self.count(name)

    def tick(self, name: str) -> None:
        self.page.locator(f'main [name="{name}"][type="checkbox"]').check()
        self.count(name)

    def count(self, name: str) -> None:
        if QUESTION.match(name):
            self.answers += 1
        else:
            self.taps += 1

    def type(self, name: str, words: str) -> None:
        self.typed += 1
        self.page.locator(f'main [name="{name}"]').first.fill(words)

    def submit(self, form: str = "main form") -> None:
        """Press the first button of a form: its main one."""
        self.tap(self.page.locator(f'{form} button:not([type="button"])').first)

    def answer_safely(self) -> None:
        """Answer what this page of the safety gate asks, so that it is safe to talk."""
        for code, answer in given.SAFE_ANSWERS.items():
            asked = self.page.locator(
                f'[name="{code}"][value="{answer}"][type="radio"]'
            )
            if asked.count():
                assert not self.page.locator(f'[name="{code}"]:checked').count()
                self.choose(code, answer)

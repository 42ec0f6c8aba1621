"""What has the focus is never wholly under the bar of buttons (WCAG 2.2, 2.4.11)."""

from typing import Any

import pytest
from django.urls import reverse

from amana import given
from tests.journeys.hands import Hand

pytestmark = pytest.mark.django_db(transaction=True)

COVERED = """() => {
    const covered = [];
    for (const field of document.querySelectorAll(
        'main :is(input, a, button, select, textarea, summary)')) {
        if (field.closest('.primary-bar') || !field.checkVisibility()) continue;
        if (field.tabIndex < 0) continue;
        field.focus();
        const seen = field.closest('label') || field;
        const box = seen.getBoundingClientRect();
        const x = Math.min(innerWidth - 5, Math.max(1, box.left + box.width / 2));
        const own = [box.top + 3, box.bottom - 3].some((y) => {
            const top = document.elementFromPoint(x, y);
            return top && (seen.contains(top) || top.contains(seen));
        });
        if (!own) covered.push(field.name || field.textContent.trim());
    }
    return covered;
}"""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_from_the_gate_to_the_intake_no_field_with_focus_is_covered(
    sign_in: Any, language: str
) -> None:
    page = sign_in(given.make_worker(), language=language)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(reverse("cases:meet"))
    hand = Hand(page)
    pages = 0
    while True:
        page.evaluate("() => window.scrollTo(0, 1e6)")
        assert page.evaluate(COVERED) == []
        pages += 1
        if not page.locator('main button[name="go"][value="next"]').count():
            break
        hand.answer_safely()
        hand.press("go", "next")
    assert page.locator("[name=contact_number]").count()  # the intake
    assert pages > 3

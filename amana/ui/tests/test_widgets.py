"""Inputs that the rooms share."""

from datetime import date

import pytest
from django import forms
from django.utils import translation

from amana.ui.widgets import build_day_field


class DatedForm(forms.Form):
    on = build_day_field("When", required=False)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_browser_reads_the_day_that_stands_there_in_each_language(
    language: str,
) -> None:
    with translation.override(language):
        shown = str(DatedForm(initial={"on": date(2026, 3, 9)})["on"])

    assert 'type="date"' in shown
    assert 'value="2026-03-09"' in shown
    assert not DatedForm({"on": "9 March"}).is_valid()
    assert DatedForm({"on": ""}).is_valid()

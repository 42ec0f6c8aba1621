"""The addresses of things are those that Django gives them."""

from uuid import uuid4

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse

from amana.ui import addresses


def test_an_address_leads_to_the_thing():
    drawn = Template('{% url "cases:case" thing %}')
    kept = Template('{% url "cases:case" thing as there %}{{ there }}')

    for thing in (uuid4(), uuid4()):
        url = reverse("cases:case", args=[thing])
        assert addresses.resolve_address("cases:case", thing) == url
        assert drawn.render(Context({"thing": thing})) == url
        assert kept.render(Context({"thing": thing})) == url


@pytest.mark.parametrize("thing", [-1, 7, "x", None, True])
def test_what_names_no_page_is_no_address(thing):
    with pytest.raises(NoReverseMatch):
        Template('{% url "cases:case" thing %}').render(Context({"thing": thing}))

"""A country with regions, and organisations that publish there."""

from amana import given
from amana.design.directory.models import Area
from amana.trust.access.models import Team


def make_teams() -> list[Team]:
    """Make six organisations, of which each has a team."""
    return [
        given.make_team(of=given.make_organisation(name=f"Agency {letter}"))
        for letter in "ABCDEF"
    ]


def make_areas() -> dict[str, Area]:
    """Make a country of five regions with two districts each; by their codes."""
    country = given.make_area(code="QA", names={"en": "Qarran", "ar": "قران"})
    found = {"QA": country}
    for number in range(1, 6):
        region = given.make_area(
            above=country, code=f"QA{number}", name_en=f"Region {number}"
        )
        found[region.code] = region
        for part in "NS":
            district = given.make_area(
                above=region,
                code=f"QA{number}{part}",
                name_en=f"District {number}{part}",
            )
            found[district.code] = district
    return found

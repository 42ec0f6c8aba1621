"""The numbers of a first page, and how many rows stand where each of them leads."""

import re

from django.test import Client

ROW = re.compile(
    r'<tr role="row"[^>]* data-tone=|<li class="place-count"'
    r'|class="card-title"><a href='
)
NUMBER = re.compile(
    r'href="(?P<tile>[^"]+)"><span class="board-value[^>]*>(?P<n>\d+)<'
    r'|href="(?P<chore>[^"]+)">[^<]*</a> <span class="count">(?P<m>\d+)<'
)
"""Of a board, or of housekeeping. A share, a day, or what an indicator says of a year
is no number of rows."""


def numbers_of(client: Client) -> dict[str, int]:
    """What stands on a first page, by where it leads."""
    page = client.get("/today/").content.decode()
    return {
        (found["tile"] or found["chore"]).replace("&amp;", "&"): int(
            found["n"] or found["m"]
        )
        for found in NUMBER.finditer(page)
        if "?year=" not in (found["tile"] or "")
    }


def rows_behind(client: Client, url: str) -> int:
    """How many rows a list has, on all of its pages; of the part that is named."""
    count, there = 0, url.replace("&amp;", "&")
    there, _sign, part = there.partition("#")
    while True:
        answer = client.get(there)
        assert answer.status_code == 200, there
        page = answer.content.decode()
        if part:
            page = page.partition(f'id="{part}"')[2].partition("</table>")[0]
        count += len(ROW.findall(page))
        following = re.findall(r'rel="next" href="([^"]+)"', page)
        if not following:
            return count
        there = url.partition("?")[0] + following[0].replace("&amp;", "&")


def wrong_numbers(client: Client) -> dict[str, tuple[int, int]]:
    """Each address with its number, and how many rows there are."""
    found = {
        url: (n, rows_behind(client, url)) for url, n in numbers_of(client).items()
    }
    return {url: both for url, both in found.items() if both[0] != both[1]}

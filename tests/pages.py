"""What can be said of a page without a browser: how much it weighs, and that each of
its ids is there once, for a script takes the first."""

import gzip
import re
from collections import Counter
from pathlib import Path

from django.contrib.staticfiles import finders

LIGHT = 60_000
"""Bytes that a page which is read on a telephone, and paid for, may weigh in all."""

ASSET = re.compile(r'(?:href|src)="/static/([^"]+)"')
ID = re.compile(r'<[a-z][^<>]*?\sid="([^"]*)"')


def assets(page: str) -> list[bytes]:
    found = [finders.find(name) for name in ASSET.findall(page)]
    assert all(found), ASSET.findall(page)
    return [Path(str(path)).read_bytes() for path in found]


def weight(page: str) -> int:
    """With all that it loads."""
    return len(page.encode()) + sum(len(asset) for asset in assets(page))


def weight_sent(page: str) -> int:
    """The same, on its way: files that never change are sent packed, and once. The page
    counts in full: one that another site's link leads to is not packed."""
    packed = sum(len(gzip.compress(asset)) for asset in assets(page))
    return len(page.encode()) + packed


def doubled_ids(page: str) -> list[str]:
    return [name for name, times in Counter(ID.findall(page)).items() if times > 1]

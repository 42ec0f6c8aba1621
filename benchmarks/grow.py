"""Fill the world up to so many cases, in a process of its own: what measures then has
made none of them, as a server has."""

import sys

import django
from django.conf import settings

django.setup()
settings.DEBUG = False  # or Django would keep every query

from benchmarks import world  # noqa: E402 — models need what `setup` reads

if __name__ == "__main__":
    here = world.found() if world.is_there() else world.begin()
    world.grow(here, int(sys.argv[1]))

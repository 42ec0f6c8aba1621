"""The directory: list, map, paper, one service; those who maintain it change it
here."""

from amana.design.directory.views.place_pages import places, report_places
from amana.design.directory.views.service_pages import (
    ON_PAPER,
    clusters_,
    edit,
    end,
    find,
    hidden_address,
    map_,
    move,
    new,
    pause,
    printed,
    resume,
    service,
    services,
    shapes,
    verify,
)

__all__ = [
    "ON_PAPER",
    "clusters_",
    "edit",
    "end",
    "find",
    "hidden_address",
    "map_",
    "move",
    "new",
    "pause",
    "places",
    "printed",
    "report_places",
    "resume",
    "service",
    "services",
    "shapes",
    "verify",
]

"""One service of a file, as an import writes it."""

from typing import Any

from amana.design.directory import actions
from amana.design.directory.models import Service
from amana.trust.access.models import Team, User


def import_one(
    team: Team, *, by: User, origin: str = "map", origin_id: str = "7", **fields: Any
) -> Service:
    values, wrong = actions.read_imported_values(fields)
    assert not wrong
    prepared = actions.PreparedServices(origin)
    found = actions.find_services_of(origin).filter(origin_id=origin_id)
    known = found.first()
    if known is None:
        prepared.add_new(actions.NewService(origin_id, team, values))
    else:
        prepared.add_update(actions.ServiceUpdate(known, values))
    actions.import_services(prepared, by=by)
    return found.get()

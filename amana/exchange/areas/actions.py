"""Actions on files of areas: keep one until its columns are explained, load it."""

from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.directory import actions as directory
from amana.design.directory.area_files import AreaPlan, plan_areas
from amana.design.directory.models import Area
from amana.errors import Refused
from amana.exchange.areas.area_guessing import guess_area_mapping, is_same_country
from amana.exchange.areas.area_mapping import (
    AreaMapping,
    read_area_mapping,
    write_area_mapping,
)
from amana.exchange.areas.confined_areas import read_areas_confined
from amana.exchange.areas.models import AreaFile
from amana.exchange.areas.reading import read_areas
from amana.exchange.areas.rules import bring_area_file
from amana.exchange.sources.opening import pack_file, read_file, unpack_file
from amana.exchange.sources.source_tables import SourceFile
from amana.trust.access.models import User
from amana.trust.audit import log

KEPT = timedelta(days=7)
MOST_WAITING = 10


def prepare_area_file(file: SourceFile, name: str, *, by: User) -> AreaFile:
    """Prepare a file that was opened, with what its columns most likely mean; not
    saved."""
    directory.require_area_keeper(by)
    mapping = write_area_mapping(adopt_country(guess_area_mapping(file)))
    return AreaFile(
        name=name[:200], brought_by=by, tables=pack_file(file), mapping=mapping
    )


def adopt_country(mapping: AreaMapping) -> AreaMapping:
    """Name the country as it is here, if the codes of the file have other letters for
    it: `JOR` for `JO`."""
    countries = Area.objects.filter(level=0).values_list("code", flat=True)
    here = [code for code in countries if is_same_country(code, mapping.root_code)]
    if len(here) != 1 or here == [mapping.root_code]:
        return mapping
    return replace(mapping, root_code=here[0], root_name="")


@transaction.atomic
def keep_area_file(file: AreaFile, *, by: User) -> None:
    """Keep a file until it is explained. Raises `Refused` where too many wait."""
    directory.require_area_keeper(by)
    if AreaFile.objects.filter(brought_by=by).count() >= MOST_WAITING:
        raise Refused(
            _("Ten files of yours wait already. Import one of them, or delete it.")
        )
    file.save(force_insert=True)
    log.record("kept area file", file, by=by)


def open_area_file(file: AreaFile) -> SourceFile:
    """Open the tables of a file that was kept."""
    return unpack_file(bytes(file.tables))


@transaction.atomic
def map_area_file(file: AreaFile, mapping: AreaMapping, *, by: User) -> None:
    """Save what the columns of a file mean."""
    bring_area_file.require(by, file)
    file.mapping = write_area_mapping(mapping)
    file.save(update_fields=["mapping"])
    log.record("mapped area file", file, by=by)


def plan_area_file(file: AreaFile, *, by: User) -> AreaPlan:
    """Read the areas of a file, and what loading them would do. Before the transaction:
    it takes its time."""
    bring_area_file.require(by, file)
    mapping = read_area_mapping(file.mapping)
    reading = read_areas_confined(bytes(file.tables), mapping, by=by.pk)
    plan = plan_areas(reading.records)
    return AreaPlan(
        plan.records,
        [*reading.faults, *plan.faults],
        *(plan.new, plan.changed, plan.same, plan.left_out),
    )


@transaction.atomic
def load_area_file(file: AreaFile, plan: AreaPlan, *, by: User) -> None:
    """Load the areas of a file, all of them; the file is deleted. Raises `Refused`
    where something is wrong with it."""
    bring_area_file.require(by, file)
    if plan.faults:
        raise Refused(_("Something in this file is wrong, so nothing was loaded."))
    complete = read_area_mapping(file.mapping).is_complete
    log.record("loaded area file", file, by=by)
    directory.load_areas(plan, by=by, marks_left_out=complete)
    file.delete()


@transaction.atomic
def discard_area_file(file: AreaFile, *, by: User) -> None:
    """Delete a file that is not loaded after all."""
    bring_area_file.require(by, file)
    log.record("discarded area file", file, by=by)
    file.delete()


def load_areas_as_suggested(blob: bytes) -> AreaPlan:
    """Load a file by what its columns most likely mean: for the command line. Faults
    are in the plan, and nothing is loaded then."""
    file = read_file(blob)
    reading = read_areas(file, guess_area_mapping(file))
    plan = plan_areas(reading.records)
    faults = [*reading.faults, *plan.faults]
    if faults:
        return AreaPlan(plan.records, faults)
    return directory.load_areas(plan, by=None)


def forget_old_area_files() -> int:
    """Delete files that have waited for a week; return how many."""
    old = AreaFile.objects.filter(brought_at__lt=timezone.now() - KEPT)
    return old.delete()[0]

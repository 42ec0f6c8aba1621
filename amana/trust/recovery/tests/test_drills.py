"""A custodian signs once a year that the share is there (P28)."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from amana.errors import Refused
from amana.trust.recovery import custody, shares
from amana.trust.recovery.models import FIRST_DRILL, NEXT_DRILL, Share
from amana.trust.vault import keys, roster
from amana.trust.vault.models import RecoveryKey, RosterStatement

from .recoveries import share_of

pytestmark = pytest.mark.django_db


def test_a_custodian_signs_once_a_year_that_the_share_is_there(
    recovery, keepers, later
):
    share = share_of(keepers[0])
    assert not Share.objects.due().exists()
    later(FIRST_DRILL + timedelta(days=1))
    assert share in Share.objects.due()

    custody.drill(share, typed=custody.print_share(share, by=keepers[0]), by=keepers[0])

    said = json.loads(RosterStatement.objects.order_by("-place")[0].text)
    assert said["says"] == "drill"
    assert said["by"] == [keepers[0].person_key.pk]
    assert roster.get_roster().drills[recovery.pk, share.holder] == timezone.localdate()
    assert share not in Share.objects.due()
    later(NEXT_DRILL + timedelta(days=1))
    assert share in Share.objects.due()


def test_a_drill_with_a_wrong_share_is_none(recovery, keepers):
    wrong = shares.format_share(bytes(32) + b"\x01")

    with pytest.raises(Refused, match="not the share that was given to you"):
        custody.drill(share_of(keepers[0]), typed=wrong, by=keepers[0])
    assert share_of(keepers[0]).drilled_on is None


def test_a_drill_needs_the_paper(recovery, keepers):
    """Whoever never printed the share, or lost it, doesn't say that it is there."""
    with pytest.raises(Refused, match="wrong or missing"):
        custody.drill(share_of(keepers[0]), typed="", by=keepers[0])
    assert share_of(keepers[0]).drilled_on is None
    assert not roster.get_roster().drills


def test_a_share_is_due_on_the_day_that_its_page_names(recovery, keepers):
    """Made in the evening by UTC: the next day already, where the team is."""
    evening = datetime(2026, 11, 1, 22, 30, tzinfo=UTC)
    RecoveryKey.objects.update(confirmed_at=evening)
    share = share_of(keepers[0])

    with timezone.override(ZoneInfo("Asia/Beirut")):
        assert share.due_on == date(2026, 11, 2) + FIRST_DRILL
        assert share in Share.objects.due(share.due_on)
        assert share not in Share.objects.due(share.due_on - timedelta(days=1))


def test_nobody_signs_the_drill_of_another(recovery, keepers):
    share = share_of(keepers[0])
    part = custody.read_share(share, by=keepers[0])

    with pytest.raises(Refused, match="vouch"):
        roster.record_statement(
            "drill",
            by=keys.get_keyring(keepers[1]),
            recovery=recovery.pk,
            custodian=share.holder,
            hash=shares.compute_hash(part),
            on="2026-11-29",
        )

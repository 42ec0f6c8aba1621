"""A cache in the database, so that limits count for all processes together.

Django's own counts wrongly (an expired key can be added twice), pickles, and counts
its rows at each write. This one is small, holds JSON, and `add` is atomic on both
databases; allauth builds its rate limits on that. Call it outside a transaction:
what is rolled back was never counted.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from amana.trust.access.models import ShortLivedValue

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


class SharedMemory(BaseCache):
    def __init__(self, location: str, params: dict[str, object]) -> None:
        super().__init__(params)

    def get(
        self, key: str, default: object = None, version: int | None = None
    ) -> object:
        found = self._alive([self._key(key, version)]).first()
        return default if found is None else found.value

    def set(
        self,
        key: str,
        value: object,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        until = self._until(timeout)
        ShortLivedValue.objects.bulk_create(
            [ShortLivedValue(key=self._key(key, version), value=value, until=until)],
            update_conflicts=True,
            update_fields=["value", "until"],
            unique_fields=["key"],
        )

    def add(
        self,
        key: str,
        value: object,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Set it unless it is there; of many at once, one alone succeeds."""
        name, until = self._key(key, version), self._until(timeout)
        # An expired row is there until it is cleared: of many at once, one update takes
        # it over.
        expired = ShortLivedValue.objects.filter(key=name, until__lte=timezone.now())
        if expired.update(value=value, until=until):
            return True
        try:
            # In a savepoint: a key that is there must not end a transaction around
            # this.
            with transaction.atomic():
                ShortLivedValue.objects.create(key=name, value=value, until=until)
        except IntegrityError:
            return False
        return True

    def touch(
        self,
        key: str,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        there = self._alive([self._key(key, version)])
        return bool(there.update(until=self._until(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        name = self._key(key, version)
        return bool(ShortLivedValue.objects.filter(key=name).delete()[0])

    def clear(self) -> None:
        ShortLivedValue.objects.all().delete()

    def _key(self, key: str, version: int | None) -> str:
        return str(self.make_and_validate_key(key, version=version))

    def _alive(self, keys: Iterable[str]) -> QuerySet[ShortLivedValue]:
        return ShortLivedValue.objects.filter(key__in=keys, until__gt=timezone.now())

    def _until(self, timeout: float | None) -> datetime:
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        if timeout is None:
            return FOREVER
        ends_at = timezone.now() + timedelta(seconds=timeout)
        return ends_at.replace(microsecond=0)  # the rest would tell one from another


def forget_expired() -> int:
    """Delete what no longer has to be remembered."""
    return ShortLivedValue.objects.filter(until__lte=timezone.now()).delete()[0]

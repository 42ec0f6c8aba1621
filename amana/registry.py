"""What upper rooms add to a lower one, which does not know them."""


class Registry[T](list[T]):
    """Filled in each room's `apps.ready()`. Django may call that more than once in a
    process, so what is here already is not added again."""

    def append(self, item: T, /) -> None:
        if item not in self:
            super().append(item)

"""A clockwork that leads as long as it is told to."""


class Alone:
    """Leads as long as it is told to."""

    def __init__(self) -> None:
        self.may = True

    def leads(self) -> bool:
        return self.may

    def resign(self) -> None:
        self.may = False

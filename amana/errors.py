"""The ways in which Amana says no."""


class Refused(Exception):
    """The work can't be done, for a reason that the person may read."""


class NotAgreed(Refused):
    """The person has not agreed to it."""


class Changed(Refused):
    """Someone else changed it first; the person is told what, and loses nothing."""


class Unreadable(Exception):
    """A file can't be read: where (row, field) and what is wrong, in plain words."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what

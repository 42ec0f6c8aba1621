"""The working week: hours of work as moments of the calendar, and back."""

from amana.working_time import Calendar, Days, Hours, Minutes, TimeSpan, WorkingDays

DAY = 24.0


WEEK = 7


class Workweek:
    """The clock of a simulation counts hours of one post's work; this turns them into
    days of the calendar, from a Monday on, and back."""

    def __init__(self, calendar: Calendar, hours_a_day: float) -> None:
        opens = calendar.opens.hour + calendar.opens.minute / 60
        closes = calendar.closes.hour + calendar.closes.minute / 60
        length = max(closes - opens, hours_a_day)
        self.a_day = hours_a_day
        self.opens = min(opens, DAY - length)
        self.rate = hours_a_day / length
        self.days_at_work = [d for d in range(WEEK) if d not in calendar.weekend]
        self.a_week = hours_a_day * len(self.days_at_work)
        works = [d in self.days_at_work for d in range(WEEK)]
        self.before = [hours_a_day * sum(works[:d]) for d in range(WEEK)]
        self.works = works

    def days(self, hours: float) -> float:
        """Convert hours worked into days."""
        weeks, rest = divmod(hours, self.a_week)
        day = min(int(rest / self.a_day), len(self.days_at_work) - 1)
        clock = self.opens + (rest - day * self.a_day) / self.rate
        return weeks * WEEK + self.days_at_work[day] + clock / DAY

    def hours(self, days: float) -> float:
        """Convert days into the hours that have been worked by then."""
        weeks, rest = divmod(days, WEEK)
        day = int(rest)
        worked = weeks * self.a_week + self.before[day]
        if self.works[day]:
            since = ((rest - day) * DAY - self.opens) * self.rate
            worked += min(max(since, 0.0), self.a_day)
        return worked

    def between(self, hours: float, later: float) -> float:
        """Compute the days between two moments."""
        return self.days(later) - self.days(hours) if later > hours else 0.0

    def after(self, hours: float, days: float) -> float:
        """Compute the hours worked when so many more days have passed."""
        return self.hours(self.days(hours) + days)


def convert_to_days(span: TimeSpan) -> float:
    match span:
        case Minutes():
            return span.amount / 60 / DAY
        case Hours():
            return span.amount / DAY
        case Days() | WorkingDays():
            return float(span.amount)
    raise TypeError(span)

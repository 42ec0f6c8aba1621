"""What a meeting needs without a network: the same forms as pages, and tables.

No rule is written twice. The device looks up what the server has worked out for each
answer (`tables`), and the texts of the consent are the files from which the server
makes them, too. Nothing here is of a person: it is the same for all of a team."""

from amana.care.meetings.kit.kit_tables import PURPOSE, render_data_script
from amana.care.meetings.kit.meeting_kit import MeetingKit

__all__ = [
    "PURPOSE",
    "MeetingKit",
    "render_data_script",
]

"""What others may want to know of courses and of those who learn."""

from django.dispatch import Signal

course_published = Signal()
"""`version`, `by`"""

learned = Signal()
"""`enrolment`: something that counts happened, as a lesson read or a test handed in."""

"""A request for help: what is needed, how soon, and whom to call. Nothing of a person.

It is sent before the person's information, or without it: a house decides whether it
has a place, and only the one that accepts learns for whom."""

from amana.care.requests.models.enquiries import Enquiry
from amana.care.requests.models.help_requests import MOST, HelpRequest

__all__ = [
    "MOST",
    "Enquiry",
    "HelpRequest",
]

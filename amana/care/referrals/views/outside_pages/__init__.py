"""For a recipient without the system: a sheet of paper, a page that opens once, and a
return slip with which they answer."""

from amana.care.referrals.views.outside_pages.code_pages import (
    find_destruction,
    get_cookie_name,
    remember,
    sealed,
    slip,
)
from amana.care.referrals.views.outside_pages.sender_pages import (
    NOT_OUTSIDE,
    code,
    make_slip,
    outside,
    revoke_slips,
    sheet,
)

__all__ = [
    "NOT_OUTSIDE",
    "code",
    "find_destruction",
    "get_cookie_name",
    "make_slip",
    "outside",
    "remember",
    "revoke_slips",
    "sealed",
    "sheet",
    "slip",
]

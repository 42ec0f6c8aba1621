"""A case in tabs under one head: what is due and comes next, then each matter alone."""

from amana.care.cases.views.case.case_page import (
    case,
    load_overview,
    open_case,
    print_all,
    print_view,
    show_whole,
    tab,
)

__all__ = [
    "case",
    "load_overview",
    "open_case",
    "print_all",
    "print_view",
    "show_whole",
    "tab",
]

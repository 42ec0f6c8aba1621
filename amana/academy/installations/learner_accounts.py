"""The accounts of a practice installation, as the server that passes requests on and
the installation itself name them."""

MOST_LEARNERS = 6
"""Who practise in one: alone, or as a group of a cohort."""


def build_learner_account(number: int) -> str:
    return f"learner-{number}"

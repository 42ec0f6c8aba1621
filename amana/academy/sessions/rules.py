"""Who leads a session and who takes part in it; others don't learn that it exists."""

from amana.academy.cohorts import rules as cohorts

plan_session = cohorts.lead_cohort
"""Of cohorts: to plan their sessions."""

lead_session = cohorts.lead_its_cohort
"""Steer its room, see names and record attendance."""

attend_session = cohorts.be_in_its_cohort

see_session = attend_session | lead_session

"""Cohorts on the web: for everyone, for learners, and for the academy's desk."""

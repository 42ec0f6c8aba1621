"""Cohorts on the web: for anybody, for those who learn, and for the academy's desk."""

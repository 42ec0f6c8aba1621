"""Outcomes: coded answers, sealed in their case, of which observations are made."""

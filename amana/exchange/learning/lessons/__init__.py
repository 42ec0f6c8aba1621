"""Lessons as pages that stand by themselves, for the packages of other systems."""

"""Scenarios and their scores, computed without Django."""

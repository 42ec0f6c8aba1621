"""The pages of a case: find, do, show."""

"""The pathway that a case follows: read, checked, run step by step, moved to another
version, compared with what was done. Pure: no Django, and any mechanism's files."""

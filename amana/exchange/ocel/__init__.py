"""Event logs: what happened in cases, for those who study how the mechanism works.

OCEL 2.0, the Object-Centric Event Log (ocel-standard.org), as JSON; and the same flat,
as CSV, for a spreadsheet or a program that knows one case per event.
"""

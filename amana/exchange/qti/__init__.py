"""QTI 3: questions out, for other item banks and test players, and in, for authors."""

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
LABEL = {"decide"}
"""Kinds that QTI does not tell from others: they stand in an item's label."""

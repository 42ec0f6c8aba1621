"""What QTI 3 and we call things."""

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
LABEL = {"decide"}
"""Kinds that QTI does not distinguish from others: they are in an item's label."""

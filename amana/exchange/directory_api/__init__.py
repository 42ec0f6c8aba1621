"""The directory for other programs: HSDS 3.1 over HTTP, GeoJSON and HXL.

Anyone may read what is public; with a key, also what the mechanism shares among its
organisations. What its own team alone sees is given to no one (ADR 93).
"""

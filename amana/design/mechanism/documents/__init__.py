"""Paper from the file: everything that a mechanism needs printed, out of its pack.

A document is written once, as a tree (`document`), and printed three ways: as a page
(`as_html`), as PDF (`as_pdf`) and for Word (`as_word`). What there is to print, and in
which languages, stands in `catalogue`.
"""

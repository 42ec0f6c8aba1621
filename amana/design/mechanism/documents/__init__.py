"""Paper from the file: everything that a mechanism needs printed, out of its pack.

`document_catalogue` lists what there is to print, and in which languages; each document
is written as a tree of `amana.printing`.
"""

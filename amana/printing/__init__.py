"""What is printed: a document is written once, as a tree (`document`), and printed
three ways: as a page (`as_html`), as PDF (`as_pdf`) and for Word (`as_word`).

`print_process` does it in a process with limits; `layout` places the boxes and arrows
of a drawing. Which documents there are, the rooms above know.
"""

"""Pages on which a coordinator sees where a version would queue, before anybody does.

The figures come from `engine.simulation`; here they are asked for, told while they are
being worked out, drawn and put beside one another. Nothing is stored, and nothing is
about anyone: cases are invented.
"""

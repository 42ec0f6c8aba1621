"""Pages on which a coordinator sees where a version would queue, before anyone does.

The figures come from `simulator`; here they are asked for, sent while they are
being worked out, drawn and compared. Nothing is stored, and nothing is about anyone:
cases are invented."""

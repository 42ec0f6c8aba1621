"""Where each case stands in its mechanism: what is due by whom, and what was done."""

"""Policy briefs and the national report: figures made safe, options, what is asked."""

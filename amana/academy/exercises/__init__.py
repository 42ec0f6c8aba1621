"""Practice with invented people on the engine that runs a country's mechanism.

So far what is computed of it: the files of a scenario, and the score from what was
done. Nothing here knows a real case.
"""

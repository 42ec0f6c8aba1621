"""A learner's practice installation: a whole mechanism with invented people, in which
the work of a course is made with a coordinator's rights (ADR 86).

Installed only where `AMANA_PRACTISING` is set next to `AMANA_SANDBOX`. It has the
process, the folder and the closure of an exercise, and neither scenario nor clock of
its own; the server that runs it (`academy.installations`) passes on to it what learners
ask for, and takes out what they hand in.
"""

"""An exercise's own installation: a whole mechanism with invented people and a clock of
its own, on the same code, in a process that can reach nothing else (ADR 84).

Installed only where `AMANA_SANDBOX` names its folder. What is in there is all that it
reads and writes; a server that runs exercises (`academy.exercises`) starts it, and
passes on to it what players ask for.
"""

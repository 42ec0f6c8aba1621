"""Practice installations: one for each learner or group, with a coordinator's rights in
an invented country, in which the work of a course is made, handed in and checked (ADR
86). What is done in one is there, and not here; `amana.practising` is its inside.
"""

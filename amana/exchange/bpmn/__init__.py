"""A pathway as BPMN 2.0, for people who work with drawn process models elsewhere.

Out only. Six words become BPMN's own: do a user task in its role's lane, choose and
together gateways, decide a business rule task, tell a send task, wait what is caught.
A part is a process that is called, with a diagram of its own; what is done for each
item a sub-process. A clock is a timer on the task, and whom it tells an escalation.

What BPMN can't say stands beside it in words: deadlines by urgency, working days, what
stays open when a case is interrupted. The file is for reading, not for running
(`isExecutable` is false).
"""

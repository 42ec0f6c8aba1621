"""Installations of their own that this server starts and passes requests on to: their
folder, their process, and the way in (ADR 84). What they are for is written in the
rooms that use them."""

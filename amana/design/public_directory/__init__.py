"""The directory for people without an account: what everyone may see of the services.

No page sets a cookie, needs a script, or has in its address anything but codes.
"""

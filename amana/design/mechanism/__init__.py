"""What agencies have agreed: a pack of files, in versions that they sign.

Any number of mechanisms are in force at once; each case follows one (`choosing`).
"""

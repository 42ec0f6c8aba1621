"""What others may want to know of certificates."""

from django.dispatch import Signal

certificate_issued = Signal()
"""`certificate`"""

certificate_revoked = Signal()
"""`certificate`"""

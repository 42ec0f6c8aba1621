"""Services of an HSDS 3.x file, however it is packed, as rows for the directory."""

from amana.exchange.hsds.reading.hsds_services import STATUS, read, read_service
from amana.exchange.sources.values import is_web_address

__all__ = [
    "STATUS",
    "is_web_address",
    "read",
    "read_service",
]

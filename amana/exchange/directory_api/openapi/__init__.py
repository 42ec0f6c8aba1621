"""The description of the API for programs (OpenAPI 3.1), made of the same parameters
that the API reads."""

from amana.exchange.directory_api.openapi.document import build_document

__all__ = ["build_document"]

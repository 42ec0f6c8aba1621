"""A file of services, whatever its layout, as tables; and a mapping that states what
their columns mean (ADR 91)."""

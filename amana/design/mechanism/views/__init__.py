"""Pages: reading a mechanism, changing a draft, agreeing on a version."""

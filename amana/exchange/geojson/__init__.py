"""Service maps in GeoJSON (RFC 7946), each with its own property names: a small
mapping file in TOML says what they mean."""

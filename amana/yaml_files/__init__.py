"""YAML files, read with line numbers and checked by their schemas."""

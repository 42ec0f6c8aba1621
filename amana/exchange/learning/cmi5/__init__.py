"""cmi5: lessons as a package whose pages speak xAPI with what launched them."""

"""SCORM 2004, 4th edition: lessons as a package that a learning system plays."""

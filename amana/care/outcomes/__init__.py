"""What came of it: coded answers, sealed in their case, of which facts are made."""

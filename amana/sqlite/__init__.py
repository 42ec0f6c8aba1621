"""Django's SQLite, with a faster way to its placeholders."""

"""Run Django's deployment checks as production would: `python -m tools.deployment`."""

import os
import secrets
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as var:
    production = {
        "AMANA_PRODUCTION": "1",
        "AMANA_VAR": var,
        "ALLOWED_HOSTS": "amana.example.org",
        "MAIL_HOST": "localhost",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "VAULT_PEPPERS": secrets.token_urlsafe(32),
    }
    without = ("AMANA_DEMO", "DEBUG", "DATABASE_URL")
    around = {k: v for k, v in os.environ.items() if k not in without}
    checks = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=around | production,
    )
sys.exit(checks.returncode)

import os
import sys

from amana.commands import run_command

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.settings")
    run_command(sys.argv)

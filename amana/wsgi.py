import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from amana.trust.vault.lockdown import keep_memory_private

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.settings")
# Before anything that could hold a key is loaded: no core file and no debugger may
# show it.
keep_memory_private()
application = get_wsgi_application()
reverse("home:today")  # reads every room's addresses now, before a request waits for it
gc.freeze()  # what was loaded stays: a search need not look through it for rubbish

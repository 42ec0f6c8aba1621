"""Where the practice installation of this process lies. In no other installation can
this be imported: everyone here has the passphrase that is in the source."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from amana.academy.sandboxes.sandbox_folder import SandboxFolder

if settings.SANDBOX is None or not settings.PRACTISING:
    raise ImproperlyConfigured("Learners practise in processes of their own.")
FOLDER = SandboxFolder(settings.SANDBOX)

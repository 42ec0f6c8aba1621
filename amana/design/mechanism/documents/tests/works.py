"""What the process that prints is given to do in the tests."""

import os
import pickle

from amana.printing import typesetting
from amana.printing.document import Document, build_paragraph


def printed_by(user: bytes) -> bytes:
    """As another user, for whom the system makes no exception."""
    if int(user) != os.geteuid():
        os.setuid(int(user))
    document = Document("T", "M", "en", (build_paragraph("Words"),))
    made = typesetting.make_documents(pickle.dumps(("pdf", {"pdf": document})))
    assert made
    return made

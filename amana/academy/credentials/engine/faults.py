"""Why a certificate is not what it should be. The words are for developers;
what people read is in the verdict."""


class Fault(Exception):
    pass


class Unreadable(Fault):
    """It is no certificate of the kind that we know."""


class Altered(Fault):
    """It was changed after it was signed, or something unsigned was added."""


class Forged(Fault):
    """It is signed by a key that is not the issuer's."""

"""Why a certificate is not what it should be. The words are for whoever debugs it;
what people read stands with the verdict."""


class Fault(Exception):
    pass


class Unreadable(Fault):
    """It is no certificate of the kind that we know."""


class Altered(Fault):
    """Somebody changed it after it was signed, or added what nobody signed."""


class Forged(Fault):
    """It is signed by a key that is not the issuer's."""

"""Why a certificate is not what it should be. The words are for developers;
what people read is in the verdict."""


class CertificateFault(Exception):
    pass


class UnreadableCertificate(CertificateFault):
    """It is no certificate of the kind that we know."""


class AlteredCertificate(CertificateFault):
    """It was changed after it was signed, or something unsigned was added."""


class ForgedCertificate(CertificateFault):
    """It is signed by a key that is not the issuer's."""

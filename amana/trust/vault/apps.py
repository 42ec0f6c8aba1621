from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "amana.trust.vault"
    label = "vault"

    def ready(self) -> None:
        from amana.trust.access import gates
        from amana.trust.vault import leaving, reactions

        gates.CLOSING.append(leaving.has_keys_to_lose)
        gates.SIGNING.append(reactions.sign_sphere)

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "amana.trust.vault"
    label = "vault"

    def ready(self) -> None:
        from amana.trust.access import gates
        from amana.trust.audit import sealing
        from amana.trust.vault import epochs, leaving, manifest, reactions
        from amana.trust.vault.leaving import resealable_records

        for kind in resealable_records.KINDS:
            epochs.SEALED.append(kind)
        sealing.LAST_WORDS.append(manifest.record_last_states)
        gates.CLOSING.append(leaving.has_keys_to_lose)
        gates.SIGNING.append(reactions.sign_sphere)

"""What may ever flow to a sphere, as `trust.vault.compartments.CEILING` has it.

A pack is read without Django, so the constant is repeated here, in plain words; a test
compares the two. A pack can narrow it, never widen it."""

CEILING: dict[str, frozenset[str]] = {
    "humanitarian": frozenset({"identity", "contact", "needs", "narrative"}),
    "health": frozenset({"identity", "contact", "needs", "health"}),
    "legal": frozenset(
        {"identity", "contact", "needs", "narrative", "legal", "migration"}
    ),
    "law_enforcement": frozenset({"identity", "evidence"}),
    "border": frozenset(),
}

"""Pages that no exercise and no practice installation has."""

NOT_PLAYED = frozenset(
    {
        *("meetings:worker", "meetings:ready", "meetings:kit", "meetings:pass"),
        *("packs:open", "packs:worker", "packs:kept", "packs:choose", "packs:fill"),
        *("offline:keep", "offline:worker", "offline:module", "offline:enter"),
        *(
            "scenarios:open",
            "scenarios:enter",
            "scenarios:inside",
            "scenarios:progress",
        ),
        *("installations:open", "installations:enter", "installations:inside"),
        *("installations:progress", "installations:hand_in"),
    }
)
"""What browsers keep for work without a network, under names that real work has too;
and exercises in an exercise."""

"""The warning of `planner check` and `planner plan` that a tactic promises what ships."""

from __future__ import annotations

from cli.console import say


def warn_of_terms(settings, touchpoints) -> dict[str, list[str]]:
    """One line if a tactic is switched on whose terms are still those that ship; their blocks, by tactic."""
    from planner.scripts.terms import terms_as_shipped

    found = terms_as_shipped(settings, touchpoints)
    if found:
        blocks = ", ".join(sorted({block for each in found.values() for block in each}))
        say(
            f"Warning: cycle.tactics: {', '.join(found)}: customers are promised what ships as a sample; "
            f"write your own terms ({blocks}) in scripts.folder, see docs/tactics.md"
        )
    return {tactic: list(blocks) for tactic, blocks in found.items()}

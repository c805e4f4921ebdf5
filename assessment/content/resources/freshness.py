"""What time does to the catalogue: schemes whose end has passed, evidence that has grown old. Warnings, never errors:
the calendar alone must not turn a build red."""

from collections.abc import Iterator
from datetime import date

from assessment.core.resources.catalogue import Catalogue


def warnings(catalogue: Catalogue, today: date) -> list[str]:
    """What an editor should look at again."""
    return list(_warnings(catalogue, today))


def _warnings(catalogue: Catalogue, today: date) -> Iterator[str]:
    for scheme in catalogue.schemes.values():
        if scheme.status == "closed":
            continue
        if scheme.valid_until is not None and scheme.valid_until < today:
            yield f"{scheme.id}: ended on {scheme.valid_until}. Look for its successor, or set its status to closed."
        elif scheme.stale(today):
            last = "not confirmed, and last looked at" if scheme.status == "unverified" else "last confirmed"
            yield f"{scheme.id}: {last} in {scheme.as_of}. Check it with the provider and set `as_of`."
    for block in catalogue.blocks.values():
        if block.stale(today):
            yield f"{block.id}: last checked in {block.as_of}. Look whether it still holds and set `as_of`."
    unnoted = sum(block.as_of is None for block in catalogue.blocks.values())
    if unnoted:
        yield f"{unnoted} building blocks do not say when they were last checked. Set `as_of` when you look at one."

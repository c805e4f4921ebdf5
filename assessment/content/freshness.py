"""What time does to the catalogue: schemes whose end has passed, evidence that has grown old. Warnings, never errors:
the calendar alone must not turn a build red."""

from collections.abc import Iterator
from datetime import date

from assessment.core.catalogue import Catalogue


def warnings(catalogue: Catalogue, today: date) -> list[str]:
    """What an editor should look at again."""
    return list(_warnings(catalogue, today))


def _warnings(catalogue: Catalogue, today: date) -> Iterator[str]:
    for scheme in catalogue.schemes.values():
        if scheme.status == "closed":
            continue
        if scheme.valid_until is not None and scheme.valid_until < today:
            yield f"{scheme.id}: ended on {scheme.valid_until}. Look for its successor, or set its status to closed."
        elif scheme.status != "unverified" and not scheme.confirmed(today):
            yield f"{scheme.id}: last confirmed in {scheme.as_of}. Check it with the provider and set `as_of`."

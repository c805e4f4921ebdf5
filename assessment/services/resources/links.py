"""What the last check of web addresses found, for the pages that warn of a dead one."""

import os
from collections.abc import Mapping
from pathlib import Path

from assessment.content.resources.link_check import FILE, Checked, read_checked
from assessment.services.instance import Instance

DEAD = frozenset({"no-answer", "gone"})

_kept: dict[str, tuple[int, Mapping[str, Checked]]] = {}
_NONE: Mapping[str, Checked] = {}


def links_file(instance: Instance) -> Path:
    """Where the results of the check are kept."""
    return instance.settings.data_dir / FILE


def dead_links(instance: Instance) -> Mapping[str, Checked]:
    """What was found at each address that did not answer, or where there was no such page."""
    # Asked for with every page of the catalogue, so without making a path of it.
    path = f"{instance.settings.data_dir}{os.sep}{FILE}"
    try:
        changed = os.stat(path).st_mtime_ns
    except OSError:
        return _NONE
    kept = _kept.get(path)
    if kept is None or kept[0] != changed:
        known = read_checked(Path(path))
        kept = _kept[path] = changed, {url: found for url, found in known.items() if found.outcome in DEAD}
    return kept[1]

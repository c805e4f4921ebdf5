"""What the last check of web addresses found, for the pages that warn of a dead one."""

from collections.abc import Mapping
from pathlib import Path

from assessment.content.link_check import FILE, Checked, read_checked
from assessment.services.instance import Instance

DEAD = frozenset({"no-answer", "gone"})

_kept: dict[Path, tuple[int, Mapping[str, Checked]]] = {}


def links_file(instance: Instance) -> Path:
    """Where the results of the check are kept."""
    return instance.settings.data_dir / FILE


def dead_links(instance: Instance) -> Mapping[str, Checked]:
    """What was found at each address that did not answer, or where there was no such page."""
    path = links_file(instance)
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return {}
    kept = _kept.get(path)
    if kept is None or kept[0] != changed:
        kept = _kept[path] = changed, {url: found for url, found in read_checked(path).items() if found.outcome in DEAD}
    return kept[1]

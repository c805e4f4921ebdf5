"""Reads what members of a cluster can do together: `clusters/joint.yaml` of the catalogue."""

from functools import lru_cache
from pathlib import Path

from assessment.content.clusters.cluster_lists import FOLDER
from assessment.content.strict_yaml import read, validate
from assessment.core.clusters.joint_action import JointKind, JointKinds


@lru_cache(maxsize=1)
def joint_kinds(folder: Path = FOLDER) -> tuple[JointKind, ...]:
    """The kinds of joint action, read when they are first asked for. Raises InvalidContent with every flaw."""
    return validate(JointKinds, read(folder / "joint.yaml")).kinds

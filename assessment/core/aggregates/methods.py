"""With what an audit reckons: plain Python, unless it is handed what takes the same steps quicker.

Shape: `PLAIN`, a `Methods`; a site with a worker hands in others of the same shape.
"""

from dataclasses import dataclass
from typing import Final

from assessment.core.aggregates.room import MakesProver, Room
from assessment.core.aggregates.span import Kernel, MakesKernel
from assessment.core.aggregates.vanishing import MakesPairs, Pairs


@dataclass(frozen=True, slots=True)
class Methods:
    """What proves that groups are open enough, what draws vectors of a kernel, and what finds equal sums in them."""

    room: MakesProver = Room
    kernel: MakesKernel = Kernel
    pairs: MakesPairs = Pairs


PLAIN: Final = Methods()

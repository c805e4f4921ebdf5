"""The methods of the worker, handed in where `core.aggregates.methods.PLAIN` stands by itself."""

from typing import Final

from assessment.core.aggregates.methods import Methods
from assessment.quick.room import QuickRoom
from assessment.quick.span import QuickKernel, QuickPairs

QUICK: Final = Methods(room=QuickRoom, kernel=QuickKernel, pairs=QuickPairs)

"""What goes wrong on purpose, told in words at the end of a command or of the worker."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from assessment.config import ConfigurationError
from assessment.core.errors import AssessmentError, InvalidContent

INVALID_EXIT = 1


@contextmanager
def mishaps_in_words() -> Iterator[None]:
    """What goes wrong on purpose ends the program in words, without a traceback."""
    try:
        yield
    except InvalidContent as invalid:
        count = len(invalid.flaws)
        mistakes = f"{count} {'mistake' if count == 1 else 'mistakes'}. Nothing was started or changed."
        sys.stderr.write("\n".join([*map(str, invalid.flaws), mistakes]) + "\n")
        sys.exit(INVALID_EXIT)
    except (AssessmentError, ConfigurationError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(INVALID_EXIT)

"""Green Pathways: a resource-efficiency check for small companies, from questions to a printed action plan."""

import gc

__version__ = "0.1.0"

# Modules make what stays: looking for garbage in it as often as Python does by itself was a tenth of the way to a ready
# worker. What then serves people sets `SERVING`.
gc.set_threshold(400_000, 20, 20)

SERVING = (50_000, 20, 20)
"""How often a process that serves looks for garbage: most of a request's goes as soon as nothing refers to it."""

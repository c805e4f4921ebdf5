"""Green Pathways: a resource-efficiency check for small companies, from questions to a printed action plan."""

import gc

__version__ = "0.1.0"

# Modules make what stays. Collecting as often as Python does by itself was a tenth of the way to a ready worker, and
# finds next to nothing in requests either, whose garbage goes as soon as nothing refers to it.
gc.set_threshold(50_000, 20, 20)

"""What audits reckon with in the worker: numpy, which neither the core nor the web may know, and one thread."""

import os

# A worker has a single thread, because it forks; the library would start one for each core as it is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

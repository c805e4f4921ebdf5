"""Measurements, by `make bench`; whatever loads numpy here finds it told to keep to one thread, as in the worker."""

import assessment.quick  # noqa: F401 - says so as it is loaded

"""The Hypothesis profile of the core's tests: the same bounded examples on every run, however slow the machine."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci", derandomize=True, deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci")

"""What if: each request asks about another selection of measures, as ticking does, against a bare view."""

import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from assessment.services.checks import results
from tests.bench.measuring import Line, by_calls, by_cpu, calls, paired
from tests.bench.site import Site, bare_view, browsed, called, settings_in

RATIO = 8
ROUNDS, TIMES = 21, 25
MOST_TICKED = 12
SELECTIONS = 1000


def lines() -> Iterator[Line]:
    """The answer to a selection: with the plan kept ready, and where it must be made ready first."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(settings_in(Path(folder)))
        results.submit(site.instance, site.opened, "en")
        asked = Asked(site)
        status, body, headers = asked.ask()
        assert status == "200 OK", status
        bare, environ = bare_view(status, body, headers), asked.environ()
        pair = paired(
            asked.ask, lambda: browsed(bare, environ), rounds=ROUNDS, times=TIMES, reference_times=4 * TIMES
        )  # fmt: skip
        name = f"GET what-if of {len(asked.offered)} measures, another selection each time"
        yield by_cpu(f"{name}: CPU / bare view", pair, RATIO)
        yield by_calls(f"{name}: Python calls", calls(lambda: called(site.app, asked.environ())), None)
        first = paired(asked.ask_first, lambda: browsed(bare, environ), rounds=ROUNDS, times=5, reference_times=50)
        yield by_cpu("  the same for the first tick, when the plan is not ready yet", first, None)


class Asked:
    """The measures that the what-if panel offers, asked about again and again in ever other selections."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._draft = site.opened.draft.id
        page = called(site.app, site.environ(f"/assessments/{self._draft}/plan"))[1].decode()
        self.offered = re.findall(r'name="measure" value="([^"]+)"', page)
        drawn = random.Random(1)  # noqa: S311 - nothing secret
        ticked = [drawn.sample(self.offered, drawn.randint(1, MOST_TICKED)) for _ in range(SELECTIONS)]
        self._environs = cycle([self._environ(chosen) for chosen in ticked])

    def _environ(self, chosen: Sequence[str]) -> dict[str, Any]:
        query = urlencode([("measure", name) for name in chosen])
        return {**self._site.environ(f"/assessments/{self._draft}/what-if"), "QUERY_STRING": query}

    def environ(self) -> dict[str, Any]:
        """The next request."""
        return next(self._environs)

    def ask(self) -> tuple[str, bytes, dict[str, str]]:
        """Ask, and get the figures."""
        return browsed(self._site.app, self.environ())

    def ask_first(self) -> tuple[str, bytes, dict[str, str]]:
        """Ask where nothing is kept."""
        self._site.instance.plans.forget(self._draft)
        return self.ask()

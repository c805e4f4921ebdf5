"""The worker as a process, which `assessment worker` becomes: no other command loads what the worker prints with."""

import os
from dataclasses import replace

from assessment.config import Settings
from assessment.mishaps import mishaps_in_words
from assessment.queueing import open_queue
from assessment.quick.methods import QUICK
from assessment.readying import ready_instance
from assessment.worker import make_worker


def main() -> None:
    """Run jobs until told to stop."""
    with mishaps_in_words():
        settings = Settings.from_env(os.environ)
        instance = replace(ready_instance(settings), methods=QUICK)
        make_worker(instance, open_queue(settings)).run()


if __name__ == "__main__":
    main()

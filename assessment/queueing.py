"""The queue between web and worker: huey, with messages as JSON.

What must not be lost is a row in `jobs`; the queue only carries its id, so a lost message costs a minute, not a
job. The queue lies beside the embedded database, in PostgreSQL where that is the database, or in Redis by setting.
"""

import json
from collections.abc import Callable
from typing import Any

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer
from huey.utils import Error

from assessment.config import Settings

RUN_JOB = "run_job"


class JsonSerializer(Serializer):  # type: ignore[misc]
    """Writes huey's messages as JSON, never pickle."""

    def _serialize(self, data: Any) -> bytes:
        if isinstance(data, Message):
            return json.dumps({"message": list(data)}).encode()
        if isinstance(data, Error):
            return json.dumps({"error": data.metadata}).encode()
        return json.dumps({"value": data}).encode()

    def _deserialize(self, data: bytes) -> Any:
        content = json.loads(data)
        if "message" in content:
            identity, name, eta, retries, delay, priority, arguments, *rest = content["message"]
            return Message(identity, name, eta, retries, delay, priority, tuple(arguments), *rest)
        return Error(content["error"]) if "error" in content else content["value"]


def job_task(queue: Huey, run: Callable[[str], None]) -> Callable[[str], object]:
    """The one task of the queue: calling it with a job's id queues it, and the worker then runs it.

    Web and worker both define it here, so that its name is the same on both sides.
    """

    @queue.task(name=RUN_JOB)  # type: ignore[untyped-decorator]
    def run_job(job_id: str) -> None:
        run(job_id)

    queued: Callable[[str], object] = run_job
    return queued


def only_queue(_job: str) -> None:
    """What a web worker does with a job: nothing; it only queues them."""


def open_queue(settings: Settings) -> Huey:
    """The queue that the settings name."""
    options: dict[str, Any] = {"name": "green-pathways", "serializer": JsonSerializer(), "results": False}
    if settings.redis_url:
        return RedisHuey(url=settings.redis_url, **options)
    if settings.database_url.startswith("postgres"):
        return PostgresHuey(dsn=settings.database_url.replace("postgresql+psycopg://", "postgresql://"), **options)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(filename=str(settings.data_dir / "queue.sqlite"), **options)

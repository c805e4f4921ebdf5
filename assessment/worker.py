"""The worker: runs the jobs that rows in `jobs` ask for, and what the calendar asks for.

WeasyPrint is loaded here once; each render is a limited fork of a worker process, which has a single thread.
"""

from huey import Huey, crontab
from huey.consumer import Consumer

from assessment.press import ReportPress
from assessment.queueing import job_task
from assessment.reporting.preloaded import Renderer
from assessment.services import mails
from assessment.services.aggregates import board_reports, readiness
from assessment.services.aggregates.board_reports import BOARD_JOB
from assessment.services.aggregates.readiness import SNAPSHOT_JOB
from assessment.services.checks import link_mails
from assessment.services.checks.link_mails import LINK_JOB
from assessment.services.checks.results import REPORT_JOB
from assessment.services.clusters import campaign_sending, cluster_posters
from assessment.services.clusters.campaigns import CAMPAIGN_JOB
from assessment.services.clusters.cluster_posters import POSTER_JOB
from assessment.services.instance import Instance
from assessment.services.mentors import review_reports
from assessment.services.mentors.review_reports import REVIEW_JOB
from assessment.services.plans import reports
from assessment.services.upkeep import upkeep
from assessment.services.upkeep.running import Handler, alive, run_due
from assessment.storage import jobs
from assessment.storage.jobs import Job

WORKERS = 2
"""One per core of the smallest server; also the most renders at once."""


def handlers_of(instance: Instance, press: ReportPress) -> dict[str, Handler]:
    """What each kind of job does."""

    def action_plan(job: Job) -> None:
        told = job.arguments
        reports.make(instance, press, told["assessment"], told["language"], told.get("person", ""))

    def mentor_review(job: Job) -> None:
        told = job.arguments
        review_reports.make(instance, press, told["assessment"], told["language"], told["person"])

    def cluster_snapshot(job: Job) -> None:
        # Figures about thousands take minutes, and nothing is printed meanwhile.
        with alive(instance, job):
            readiness.make(instance, job.arguments["cluster"], job.arguments["person"])

    def cluster_poster(job: Job) -> None:
        cluster_posters.make(instance, press, job.arguments["cluster"], job.arguments["language"])

    def board_report(job: Job) -> None:
        told = job.arguments
        board_reports.make(instance, press, told["cluster"], told["release"], told["language"])

    return {
        BOARD_JOB: board_report,
        REPORT_JOB: action_plan, REVIEW_JOB: mentor_review, POSTER_JOB: cluster_poster,
        mails.MAIL_JOB: lambda job: mails.send(instance, job),
        LINK_JOB: lambda job: link_mails.send(instance, job),
        SNAPSHOT_JOB: cluster_snapshot, CAMPAIGN_JOB: lambda job: campaign_sending.send(instance, job),
    }  # fmt: skip


def make_worker(instance: Instance, queue: Huey) -> Consumer:
    """The consumer with its tasks."""
    press = ReportPress(Renderer().render_pdf)
    handlers = handlers_of(instance, press)

    run_job = job_task(queue, lambda job_id: run_due(instance, handlers, job_id))

    @queue.periodic_task(crontab(minute="*"), name="queue_missed")  # type: ignore[untyped-decorator]
    def queue_missed() -> None:
        with instance.database.reading() as connection:
            due = [job.id for job in jobs.due(connection, instance.now())]
        for job_id in (*due, *campaign_sending.portion(instance)):
            run_job(job_id)

    @queue.periodic_task(crontab(minute="17", hour="3"), name="prune")  # type: ignore[untyped-decorator]
    def prune() -> None:
        upkeep.prune(instance)

    return Consumer(queue, workers=WORKERS, worker_type="process", periodic=True, initial_delay=0.1, max_delay=1.0)

"""Public pages: what the product is, how it scores, what happens with data, and whether the instance is well."""

from datetime import timedelta

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from assessment.content import folders
from assessment.core.access import Standpoint
from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.checks.route import Routes
from assessment.core.plans.actions import OWN_STEPS
from assessment.reporting.aggregates import cluster_exports
from assessment.services.instance import Instance
from assessment.services.people import sessions
from assessment.services.plans import reports
from assessment.services.upkeep.breaking_glass import OPEN_FOR
from assessment.storage.clusters.clusters import Cluster
from assessment.web.current import instance, language, press
from assessment.web.limits import PDFS, limited
from assessment.web.method_words import figures_of, sources_of
from assessment.web.policies import needs

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@needs(Standpoint.ANYBODY)
def landing() -> str:
    """What it is, for whom, and the one green button."""
    return render_template("pages/public/landing.html", counts=question_counts(instance()))


def question_counts(product: Instance, cluster: Cluster | None = None) -> dict[str, int]:
    """How many questions the quick and the full check hold at most: the one for anyone, or a cluster's."""
    name, version = product.library.newest
    if cluster is not None:
        name = cluster.questionnaire
        version = cluster.version or product.library.newest_of(name)[1]
    questionnaire = product.library.edition(name, version, language().code).questionnaire
    questions = questionnaire.questions.values()
    return {
        "quick": sum(question.quick and question.scored for question in questions),
        "full": sum(question.scored for question in questions),
        "sections": len(questionnaire.scored_sections),
    }


@blueprint.get("/method")
@needs(Standpoint.ANYBODY)
def method() -> str:
    """How scores, savings, plans and footprints are made: formulas, weights, sources."""
    edition = instance().library.edition(*instance().library.newest, language().code)
    catalogue = instance().library.catalogue(language().code)
    return render_template(
        "pages/public/method.html", questionnaire=edition.questionnaire, catalogue=catalogue, others=others(),
        saving=sum(measure.category != OWN_STEPS for measure in catalogue.measures.values()),
        figures=figures_of(catalogue, language()), sources=sources_of(catalogue.sources.values()),
    )  # fmt: skip


@blueprint.get("/questions")
@needs(Standpoint.ANYBODY)
def questions() -> str:
    """Every question on one page, to read or print."""
    return _questions_page(*instance().library.newest)


@blueprint.get("/questions/<kind>")
@needs(Standpoint.ANYBODY)
def questions_of(kind: str) -> str:
    """The questions of another questionnaire."""
    return _questions_page(*instance().library.newest_of(kind))


def _questions_page(name: str, version: str) -> str:
    questionnaire = instance().library.edition(name, version, language().code).questionnaire
    return render_template(
        "pages/public/questions.html", questionnaire=questionnaire, routes=Routes(questionnaire), others=others(),
    )  # fmt: skip


def others() -> list[Questionnaire]:
    """The questionnaires that companies and clusters with an account find besides the one for anyone."""
    library = instance().library
    keys = [*library.offered("company"), *library.offered("cluster")]
    return [library.edition(name, version, language().code).questionnaire for name, version in keys]


@blueprint.get("/privacy")
@needs(Standpoint.ANYBODY)
def privacy() -> str:
    """What is kept, how long, and who sees it."""
    settings = instance().settings
    return render_template(
        "pages/public/privacy.html", settings=settings, periods=settings.periods,
        hours={"idle": _hours(sessions.IDLE[False]), "most": _hours(sessions.ABSOLUTE[False]),
               "held": _hours(sessions.HELD)},
        glass_minutes=int(OPEN_FOR.total_seconds()) // 60,
    )  # fmt: skip


def _hours(span: timedelta) -> int:
    return int(span.total_seconds()) // 3600


@blueprint.get("/accessibility")
@needs(Standpoint.ANYBODY)
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("pages/public/accessibility.html")


@blueprint.get("/help")
@needs(Standpoint.ANYBODY)
def help_page() -> str:
    """Whom to ask."""
    return render_template("pages/public/help.html")


@blueprint.get("/licences")
@needs(Standpoint.ANYBODY)
def licences() -> str:
    """The licences of the product, its content and what it is built from."""
    catalogue = instance().library.catalogue(language().code)
    of_figures = sources_of(catalogue.factors.sources.values(), catalogue.benchmarks.sources.values())
    return render_template("pages/public/licences.html", sources=of_figures, catalogue=catalogue)


@blueprint.get("/questions.pdf")
@limited(PDFS)
@needs(Standpoint.ANYBODY)
def questions_pdf() -> Answer:
    """The blank questionnaire as a PDF."""
    return _public_file(reports.BLANK)


@blueprint.get("/questions/<kind>.pdf")
@limited(PDFS)
@needs(Standpoint.ANYBODY)
def questions_pdf_of(kind: str) -> Answer:
    """Another blank questionnaire as a PDF."""
    content = reports.blank_report(instance(), press(), kind, language().code)
    return _pdf(content, f"{reports.BLANK}-{kind}")


@blueprint.get("/sample-plan.pdf")
@limited(PDFS)
@needs(Standpoint.ANYBODY)
def sample_pdf() -> Answer:
    """The plan of an example company as a PDF."""
    return _public_file(reports.SAMPLE)


def _public_file(report: str) -> Answer:
    return _pdf(reports.public_report(instance(), press(), report, language().code), report)


def _pdf(content: bytes, name: str) -> Answer:
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(content, mimetype="application/pdf", headers=headers)


@blueprint.get(cluster_exports.SCHEMA_PATH)
@needs(Standpoint.ANYBODY)
def release_schema() -> Response:
    """The JSON Schema of the file that a cluster's released figures leave in."""
    content = (folders.REPORTS / cluster_exports.SCHEMA_FILE).read_bytes()
    return Response(content, mimetype="application/schema+json")


@blueprint.get("/r/<code>")
@needs(Standpoint.ANYBODY)
def short_address(code: str) -> Answer | tuple[str, int]:
    """A printed short address: it leads to our own page about the entry, which says where to go on."""
    entry = reports.entry_of_code(instance().library.catalogue(language().code), code)
    if entry is None:
        return render_template("pages/catalogue/unknown.html"), 404
    return redirect(url_for("catalogue.entry", entry_id=entry), 302)


@blueprint.get("/livez")
@needs(Standpoint.ANYBODY)
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/healthz")
@blueprint.get("/readyz")
@needs(Standpoint.ANYBODY)
def ready() -> Response:
    """The store can be written to and has the newest schema."""
    healthy = instance().database.ready()
    return Response("ok\n" if healthy else "not ready\n", 200 if healthy else 503, mimetype="text/plain")

"""A cluster's figures for those who run it, and for its members where it shows them: the newest snapshot or an older.

The pages read one kept document, so they cost the same however many companies stand behind it.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.aggregates.disclosure import rules_of
from assessment.core.aggregates.readiness import KINDS
from assessment.core.aggregates.snapshots import Rules
from assessment.core.errors import NotFound, NotSaved, Refused
from assessment.services.aggregates import readiness
from assessment.services.aggregates.cluster_figures import Shown
from assessment.services.clusters import belonging, clusters
from assessment.services.clusters.clusters import EnteredCluster
from assessment.storage.clusters.clusters import Cluster
from assessment.web.aggregates import readiness_words
from assessment.web.clusters.clusters import around
from assessment.web.current import instance, language
from assessment.web.limits import PDFS, limited
from assessment.web.people.companies import Errors
from assessment.web.policies import asking, needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved

blueprint = Blueprint("readiness", __name__)

MOST_KEPT = 64
"""About 30 kB for the figures of a snapshot in one language."""


@blueprint.get("/clusters/<cluster_id>/readiness")
@needs(Action.SEE_CLUSTER)
def page(cluster_id: str) -> str:
    """The newest figures, or those of an older snapshot."""
    return _page(clusters.enter(instance(), asking(), cluster_id), [])


def _page(entered: EnteredCluster, errors: Errors) -> str:
    older = request.args.get("of", "")[:32]
    found, state, minutes = readiness.shown_with_state(instance(), entered.cluster, older, language().code)
    return render_template(
        "pages/cluster/readiness.html", **around(entered), shown=found, drawn=drawn(found), errors=errors,
        state=state, minutes=minutes, rules=_rules(entered.cluster), by_worker=instance().settings.jobs != "inline",
    )  # fmt: skip


def _rules(cluster: Cluster) -> Rules:
    return rules_of(cluster.threshold)


def drawn(found: Shown | None) -> Markup | None:
    """The figures of a snapshot as they stand on the page, the same for managers and members; None without one.

    A snapshot never changes, so it is drawn once for each language and kept: it holds figures of many, and whoever is
    shown them is decided before. What is kept is bounded, the oldest goes first.
    """
    if found is None:
        return None
    kept: dict[tuple[str, str], Markup] = current_app.extensions.setdefault("assessment-figures", {})
    key = (found.release_id, language().code)
    if key not in kept:
        while len(kept) >= MOST_KEPT:
            del kept[next(iter(kept))]
        kept[key] = _draw(found)
    return kept[key]


def _draw(found: Shown) -> Markup:
    labels = readiness_words.Labels(found, language())
    module: Any = current_app.jinja_env.get_template("pages/cluster/figures.html").module
    rows = {
        name: readiness_words.rows_of(found, name, labels)
        for name in ("participation", "sections", "percentiles", "amounts", "change", "comparison")
    }  # fmt: skip
    heats = {
        kind: heat for kind in KINDS if (heat := readiness_words.heat_of(found, kind, labels)) is not None
    }  # fmt: skip
    shown: Markup = module.whole(
        found.snapshot, readiness_words.shade, readiness_words.weakest_of(found, labels, language()),
        readiness_words.practices_of(found, labels), heats, rows,
    )  # fmt: skip
    return shown


@blueprint.post("/clusters/<cluster_id>/readiness")
@limited(PDFS)
@needs(Action.RUN_CLUSTER)
def ask(cluster_id: str) -> Answer | tuple[str, int]:
    """Ask for a new snapshot."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    try:
        readiness.ask(instance(), asking(), cluster_id)
    except Refused as refused:
        return _page(entered, [(PAGE, _not_now(entered.cluster, refused.code))]), 422
    except NotSaved as failure:
        return _page(entered, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    inline = instance().settings.jobs == "inline"
    notice = "snapshot-made" if inline else "snapshot-asked"
    return redirect(url_for("readiness.page", cluster_id=cluster_id, notice=notice), 303)


def _not_now(cluster: Cluster, code: str) -> str:
    """Why there are no new figures now, and what to do."""
    _, rules = language().gettext, _rules(cluster)
    said = {"least": language().number(rules.k), "days": language().number(rules.days)}
    if code == "too-soon":
        found = readiness.shown(instance(), cluster, "", language().code)
        if found is not None:
            said["day"] = language().date((found.snapshot.taken_at + timedelta(days=rules.days)).date())
    words = {
        "too-few-companies": _(
            "Figures need %(least)s companies that finished the check and agreed to be counted. There are not so many "
            "yet. Invite more members, or ask those who finished whether they agree to be counted."
        ),
        "too-soon": _(
            "New figures can be taken %(days)s days after the last ones: on %(day)s. Closer together they would show "
            "what single companies changed."
        ),
        "too-few-changes": _(
            "Since the last figures too few companies joined or changed their answers. New figures need %(least)s of "
            "them, so that nobody can be found in the difference. The last ones stay on show."
        ),
    }
    return words[code] % said


# For members


@blueprint.get("/companies/<company_id>/clusters/<cluster_id>/readiness")
@needs(Action.SEE_CLUSTERS)
def for_member(company_id: str, cluster_id: str) -> str:
    """What the cluster sees of its members, as a member sees it: the same figures, where the cluster shows them."""
    belongs = belonging.belongs(instance(), asking(), company_id, cluster_id)
    if not belongs.cluster.published:
        raise NotFound("figures")
    found = readiness.shown(instance(), belongs.cluster, request.args.get("of", "")[:32], language().code)
    return render_template(
        "pages/cluster/readiness_member.html", company=belongs.entered.company, cluster=belongs.cluster,
        shown=found, drawn=drawn(found),
    )  # fmt: skip

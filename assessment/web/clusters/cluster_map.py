"""The map of a cluster: the network with its gaps, links by hand, and members and links as files."""

import base64
import binascii
import zlib
from collections.abc import Sequence
from math import ceil
from typing import Any, Final, NamedTuple

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.content.clusters.cluster_lists import cluster_lists
from assessment.content.clusters.network_files import LARGEST, read_file
from assessment.core.access import Action
from assessment.core.clusters.network import LINK_KINDS, Link, LinkKind, Network, by_role, chosen, gaps
from assessment.core.clusters.network_layout import draw
from assessment.core.clusters.network_rows import Changes
from assessment.core.errors import NotSaved, Refused
from assessment.reporting.clusters.network_exports import as_graphml, as_zip
from assessment.services.clusters import cluster_map
from assessment.services.clusters.cluster_map import ManagedMap
from assessment.web.clusters import cluster_map_words as words
from assessment.web.clusters.clusters import around
from assessment.web.current import instance, language
from assessment.web.people.companies import Errors
from assessment.web.policies import asking, needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved

blueprint = Blueprint("cluster_map", __name__)

TAKES_FILES: Final = ("cluster_map.read_in",)
LONGEST_PACKED: Final = 200_000
"""In letters: what goes along in the page between preview and taking over."""
MOST_SHOWN: Final = 100
ON_A_PAGE: Final = 100
"""Members in the table below the map."""


class Turning(NamedTuple):
    """Which page of the table is shown, and the addresses of the ones beside it."""

    page: int
    pages: int
    before: str
    after: str


@blueprint.get("/clusters/<cluster_id>/map")
@needs(Action.SEE_CLUSTER)
def managed(cluster_id: str) -> str:
    """The whole map, for those who run the cluster."""
    found = cluster_map.managed(instance(), asking(), cluster_id)
    return render_template(
        "pages/cluster/map.html", **around(found.entered), **_map_values(found.network), unnamed=0,
        codebook=words.codebook(language()),
    )  # fmt: skip


def _map_values(network: Network) -> dict[str, Any]:
    """What both maps show: the part that is chosen, its drawing, its gaps and its table."""
    lists = cluster_lists()
    kinds: dict[str, LinkKind] = {kind: kind for kind in LINK_KINDS}
    kind, topic = kinds.get(request.args.get("kind", "")), request.args.get("topic", "")
    topic = topic if topic in lists.categories or topic in lists.services else ""
    # What is missing is missing in all of the cluster, whatever part of it is looked at.
    shown, missing = chosen(network, kind, topic or None), gaps(network, lists)
    drawing = draw(shown, missing if not topic and not kind else gaps(shown, lists))
    rows = words.table(shown, language())
    pages = max(1, ceil(len(rows) / ON_A_PAGE))
    typed = request.args.get("page", "")[:4]
    page = min(max(int(typed), 1), pages) if typed.isascii() and typed.isdigit() else 1
    return {
        "network": network, "shown": shown, "gaps": missing, "drawing": drawing, "kind": kind or "", "topic": topic,
        "symbols": words.symbols(drawing, shown, language()), "steps": words.step_words(language()),
        "lines": words.step_lines(shown, missing, language()), "of_each": words.for_one_dot(shown),
        "turning": Turning(page, pages, *(_address(kind, topic, page + by) for by in (-1, 1))),
        "rows": rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        "kinds": words.link_words(language()), "categories": words.categories(language()),
        "services": words.services(language()), "heading": words.heading(missing, language()),
        "thickness": words.thickness, "topic_words": lambda one: words.topic_words(one, language()),
        "firms": by_role(network).get("firm", 0), "linked_pairs": len(network.kinds_between),
    }  # fmt: skip


def _address(kind: str | None, topic: str, page: int) -> str:
    """Another page of the table of the map that is looked at."""
    return url_for(str(request.endpoint), **(request.view_args or {}), kind=kind or "", topic=topic, page=page)


@blueprint.get("/companies/<company_id>/clusters/<cluster_id>/map")
@needs(Action.SEE_CLUSTERS)
def shared(company_id: str, cluster_id: str) -> str:
    """The map as a member sees it: only those who agreed to be named."""
    found = cluster_map.shared(instance(), asking(), company_id, cluster_id)
    return render_template(
        "pages/cluster/shared_map.html", company=found.belongs.entered.company, cluster=found.belongs.cluster,
        unnamed=found.unnamed, runs=False, **_map_values(found.network),
    )  # fmt: skip


# Links by hand


@blueprint.get("/clusters/<cluster_id>/members/<member_id>/links")
@needs(Action.RUN_CLUSTER)
def links(cluster_id: str, member_id: str) -> str:
    """The links of a member, and a form to add one."""
    return _links_page(cluster_id, member_id, dict.fromkeys(("target", "kind", "wanted"), ""), [])


def _links_page(cluster_id: str, member_id: str, given: dict[str, str], errors: Errors) -> str:
    found, member, mine = cluster_map.links_of(instance(), asking(), cluster_id, member_id)
    return render_template(
        "pages/cluster/links.html", **around(found.entered), member=member, links=mine, names=found.network.by_id,
        others=[one for one in found.network.members if one.id != member_id], given=given, errors=errors,
        kinds=words.link_words(language()), services=words.services(language()),
    )  # fmt: skip


@blueprint.post("/clusters/<cluster_id>/members/<member_id>/links")
@needs(Action.RUN_CLUSTER)
def add_link(cluster_id: str, member_id: str) -> Answer | tuple[str, int]:
    """Add a link from the member to another, or to a service that it wants."""
    _ = language().gettext
    cluster_map.links_of(instance(), asking(), cluster_id, member_id)
    given = {name: request.form.get(name, "")[:60] for name in ("target", "kind", "wanted")}
    kinds: dict[str, LinkKind] = {kind: kind for kind in LINK_KINDS}
    errors: Errors = []
    if not given["target"]:
        errors.append(("target", _("Choose whom or what it is linked with")))
    if given["kind"] not in kinds:
        errors.append(("kind", _("Choose what kind of link it is")))
    if errors:
        return _links_page(cluster_id, member_id, given, errors), 422
    try:
        link = Link(member_id, given["target"], kinds[given["kind"]], given["wanted"] == "yes")
        cluster_map.add_link(instance(), asking(), cluster_id, link)
    except Refused as refused:
        wrong = {
            "unknown-end": ("target", _("This member is not there any more. Choose another one")),
            "to-itself": ("target", _("A member cannot be linked with itself")),
            "not-wanted": ("wanted", _("A link to a service can only be wanted: tick the box")),
            "too-many": (PAGE, _("The cluster has 5,000 links, which is the most. Take some away first")),
        }
        return _links_page(cluster_id, member_id, given, [wrong[refused.code]]), 422
    except NotSaved as failure:
        errors = [(PAGE, not_saved(language()))]
        return _links_page(cluster_id, member_id, given, errors), NOT_SAVED_STATUS[failure.code]
    return _to_links(cluster_id, member_id)


def _to_links(cluster_id: str, member_id: str) -> Answer:
    there = url_for("cluster_map.links", cluster_id=cluster_id, member_id=member_id, notice="cluster-kept")
    return redirect(there, 303)


@blueprint.post("/clusters/<cluster_id>/members/<member_id>/links/<connection_id>")
@needs(Action.RUN_CLUSTER)
def remove_link(cluster_id: str, member_id: str, connection_id: str) -> Answer:
    """Take a link away."""
    cluster_map.remove_link(instance(), asking(), cluster_id, member_id, connection_id)
    return _to_links(cluster_id, member_id)


# Files


def _saved_as(content: bytes, name: str, mimetype: str) -> Response:
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@blueprint.get("/clusters/<cluster_id>/map/tables.zip")
@needs(Action.RUN_CLUSTER)
def tables(cluster_id: str) -> Response:
    """Members and links as CSV, with their codebook."""
    found = cluster_map.managed(instance(), asking(), cluster_id)
    return _saved_as(as_zip(found.network, words.codebook(language())), "map.zip", "application/zip")


@blueprint.get("/clusters/<cluster_id>/map/network.graphml")
@needs(Action.RUN_CLUSTER)
def graphml(cluster_id: str) -> Response:
    """Both as GraphML, for programs that work on graphs."""
    found = cluster_map.managed(instance(), asking(), cluster_id)
    return _saved_as(as_graphml(found.network, words.codebook(language())), "network.graphml", "application/xml")


@blueprint.get("/clusters/<cluster_id>/map/import")
@needs(Action.RUN_CLUSTER)
def read_in_page(cluster_id: str) -> str:
    """Where a file of members or links is brought in."""
    return _import_page(cluster_map.managed(instance(), asking(), cluster_id), [])


def _import_page(found: ManagedMap, errors: Errors, changes: Changes | None = None, packed: str = "") -> str:
    problems: Sequence[Any] = changes.problems if changes else ()
    return render_template(
        "pages/cluster/map_import.html", **around(found.entered), errors=errors, changes=changes, packed=packed,
        problems=[(one, words.row_words(one, language())) for one in problems[:MOST_SHOWN]], all_problems=len(problems),
        most=MOST_SHOWN, names=found.network.by_id, kinds=words.link_words(language()),
        categories=words.categories(language()), services=words.services(language()),
    )  # fmt: skip


@blueprint.post("/clusters/<cluster_id>/map/import")
@needs(Action.RUN_CLUSTER)
def read_in(cluster_id: str) -> Answer | tuple[str, int] | str:
    """Show what a file would change, or take it over; a file with mistakes changes nothing."""
    found = cluster_map.managed(instance(), asking(), cluster_id)
    sent = request.files.get("file")
    packed = request.form.get("packed", "")
    try:
        if packed:
            content = _unpacked(packed)
        elif sent is None or not sent.filename:
            raise Refused("none")
        else:
            content = sent.read(LARGEST + 1)
        rows = read_file(content)
    except Refused as refused:
        return _import_page(found, [("file", words.file_words(refused.code, language()))]), 422
    changes = cluster_map.changes(found, rows)
    if changes.problems:
        return _import_page(found, [], changes), 422
    if not packed:
        packed = _packed(content)
        if len(packed) > LONGEST_PACKED:
            return _import_page(found, [("file", words.file_words("too-large", language()))]), 422
        return _import_page(found, [], changes, packed)
    try:
        cluster_map.apply(instance(), asking(), cluster_id, rows)
    except NotSaved as failure:
        errors = [(PAGE, not_saved(language()))]
        return _import_page(found, errors, changes, packed), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("cluster_map.managed", cluster_id=cluster_id, notice="cluster-kept"), 303)


def _packed(content: bytes) -> str:
    """A file as letters that the page holds until it is taken over."""
    return base64.b64encode(zlib.compress(content, 9)).decode()


def _unpacked(packed: str) -> bytes:
    """The file again, and never more than a file may have. Raises Refused("broken"), Refused("too-large")."""
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(base64.b64decode(packed, validate=True), LARGEST + 1)
    except (binascii.Error, ValueError, zlib.error):
        raise Refused("broken") from None
    if len(content) > LARGEST:
        raise Refused("too-large")
    return content

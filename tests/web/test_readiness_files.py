"""A cluster's figures taken away: the same in every file and on the page, signed, and naming nobody."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from assessment.cli import commands
from assessment.content.aggregates.release_files import read, signed
from assessment.core.aggregates.release_file import ReleaseFile
from assessment.core.aggregates.snapshots import Ledger, Snapshot
from assessment.press import readiness_document
from assessment.reporting.aggregates.cluster_document import ClusterReadinessDocument
from assessment.reporting.aggregates.cluster_exports import release_file
from assessment.reporting.compose import compose
from assessment.services.aggregates import readiness, release_files
from assessment.services.aggregates.board_reports import BOARD_JOB
from assessment.storage import jobs
from assessment.storage.aggregates import comparison_groups, releases
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters import clusters as stored
from assessment.storage.people import companies
from assessment.worker import handlers_of
from tests.reporting import snapshots
from tests.reporting.languages import ENGLISH
from tests.web.clustered import ASKED, give
from tests.web.people import person, signed_in
from tests.web.visiting import Site, Visitor

NAMES = tuple(f"Rowanfirm {number} Ltd" for number in range(12))


@pytest.fixture
def manager(site: Site) -> Visitor:
    return signed_in(site, person(site, "manager@cluster.example", "manager"))


@pytest.fixture
def cluster_id(manager: Visitor) -> str:
    return manager.post("/clusters", {"name": "Coast"}).location.split("/")[2]


@pytest.fixture
def company_ids(site: Site, cluster_id: str) -> list[str]:
    """Twelve members with a result each."""
    made = []
    for number, name in enumerate(NAMES):
        owner = person(site, f"owner{number}@firm.example")
        with site.instance.database.writing() as connection:
            company = companies.add_company(connection, name, owner, site.clock())
            cluster_members.join(connection, cluster_id, company.id, name, "code", 0, site.clock(), ("counted",))
        give(site, company.id, 20 + 7 * number % 60)
        made.append(company.id)
    return made


@pytest.fixture
def released(site: Site, manager: Visitor, cluster_id: str, company_ids: list[str]) -> Snapshot:
    """The figures of the twelve."""
    assert len(company_ids) == len(NAMES)
    manager.post(f"/clusters/{cluster_id}/readiness")
    with site.instance.database.reading() as connection:
        found = releases.newest(connection, cluster_id, ASKED)
    assert found is not None
    return Snapshot.model_validate_json(found.shown)


def figures_of(snapshot: Snapshot) -> Mapping[tuple[str, str, str], float | None]:
    return {
        (table.id, row.key, column.key): figure
        for table in snapshot.tables
        for row in table.rows
        for column, figure in zip(table.columns, row.figures, strict=True)
    }


def release_of(site: Site, cluster_id: str) -> str:
    with site.instance.database.reading() as connection:
        return releases.of_cluster(connection, cluster_id, ASKED)[0][0]


def pdf_on(visitor: Visitor, path: str) -> str:
    """The link to the PDF on the page of a report; empty where it is not made."""
    return next((link for link in visitor.get(path).links() if link.endswith(".pdf")), "")


def test_page_csv_workbook_json_and_paper_show_the_figures_of_one_snapshot(
    site: Site, manager: Visitor, cluster_id: str, released: Snapshot
) -> None:
    page = manager.get(f"/clusters/{cluster_id}/readiness")
    links = {link.partition("?")[0]: link for link in page.links() if "/readiness/" in link}
    base, figures = f"/clusters/{cluster_id}/readiness", figures_of(released)
    assert any(figure is not None for figure in figures.values())

    with zipfile.ZipFile(io.BytesIO(manager.get(links[f"{base}/files/csv"]).body)) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("figures.csv").decode("utf-8-sig"), newline="")))
    in_csv = {
        (row["table"], row["row"], row["column"]): float(row["figure"]) if row["figure"] else None for row in rows
    }
    assert in_csv == figures

    found = ReleaseFile.model_validate_json(manager.get(links[f"{base}/files/json"]).body)
    assert figures_of(found.snapshot) == figures

    book = openpyxl.load_workbook(io.BytesIO(manager.get(links[f"{base}/files/xlsx"]).body))
    assert book.sheetnames == [*(table.id for table in released.tables), "codebook"]

    medians = {row.key: row.figures[2] for row in released.table("sections").rows if row.figures[2] is not None}
    printed = compose(readiness_document(site.instance, cluster_id, "en"), ENGLISH)
    assert medians
    for section, median in medians.items():
        assert f">{median}<" in printed, section
        assert str(median) in page.words, section
    assert links[f"{base}/report"].endswith(release_of(site, cluster_id))


def test_files_are_named_by_the_day_of_their_figures_and_an_unknown_one_is_not_there(
    manager: Visitor, cluster_id: str, released: Snapshot
) -> None:
    day = released.taken_at.date().isoformat()
    answer = manager.get(f"/clusters/{cluster_id}/readiness/files/csv")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="green-pathways-readiness-{day}.zip"'
    manager.get(f"/clusters/{cluster_id}/readiness/files/exe", 404)
    manager.get(f"/clusters/{cluster_id}/readiness/report?of={'0' * 32}", 404)
    manager.get(f"/clusters/{cluster_id}/readiness/report/{'0' * 64}.pdf", 404)


def test_the_report_for_the_board_is_made_by_a_job_and_made_anew_when_it_would_show_something_else(
    site: Site, manager: Visitor, cluster_id: str, released: Snapshot
) -> None:
    path = f"/clusters/{cluster_id}/readiness/report"
    assert not pdf_on(manager, path)
    manager.post(path)
    first = pdf_on(manager, path)
    assert manager.get(first).body.startswith(b"%PDF")
    manager.get(first.replace(cluster_id, "0" * 32), 404)
    signed_in(site, person(site, "stranger@firm.example")).get(first, 404)
    with site.instance.database.writing() as connection:
        stored.change(connection, cluster_id, name="Another name")
    assert not pdf_on(manager, path)
    manager.post(path)
    assert pdf_on(manager, path) not in ("", first)
    manager.get(first, 404)


def test_while_the_worker_makes_the_report_its_page_says_so_and_looks_again(
    site: Site, manager: Visitor, cluster_id: str, released: Snapshot
) -> None:
    path = f"/clusters/{cluster_id}/readiness/report"
    product = site.app.extensions["assessment"]
    queued = replace(product, settings=replace(product.settings, jobs="worker"))
    site.app.extensions["assessment"] = queued
    manager.post(path)
    page = manager.get(path)
    assert "Your PDF is being made" in page.words
    assert 'http-equiv="refresh"' in page.text
    with site.instance.database.reading() as connection:
        (job,) = [job for job in jobs.due(connection, site.clock()) if job.kind == BOARD_JOB]
    handlers_of(queued, site.app.extensions["assessment-press"]())[BOARD_JOB](job)
    assert manager.get(pdf_on(manager, path)).body.startswith(b"%PDF")


def test_before_there_are_figures_there_are_no_files(manager: Visitor, cluster_id: str) -> None:
    for address in ("readiness/files/csv", "readiness/report", "release-file"):
        manager.get(f"/clusters/{cluster_id}/{address}", 404)
    assert "You have no figures yet." in manager.get(f"/clusters/{cluster_id}/comparisons").words


def test_no_file_holds_a_key_of_a_contributor_a_company_or_a_member(
    site: Site, manager: Visitor, cluster_id: str, company_ids: list[str], released: Snapshot
) -> None:
    with site.instance.database.reading() as connection:
        ((kept, _),) = releases.ledgers(connection, ASKED)
        members = [member.id for member in cluster_members.members_of(connection, cluster_id, ("active",))]
    ledger = Ledger.model_validate_json(kept)
    secret = {unknown.contributor for unknown in ledger.unknowns} | {unknown.version for unknown in ledger.unknowns}
    secret |= {*company_ids, *members, *NAMES, cluster_id}
    # Of each its result, how far it is and that it is counted have a mark each.
    assert len(secret) == 7 * len(NAMES) + 1
    base = f"/clusters/{cluster_id}"
    for address in (f"{base}/release-file", f"{base}/readiness/files/json", f"{base}/readiness/files/csv",
                    f"{base}/readiness/files/xlsx"):  # fmt: skip
        body = manager.get(address).body
        if body.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                body = b"\n".join(map(archive.read, archive.namelist()))
        assert [word for word in secret if word.encode() in body] == []
    # What is kept for audits does hold them, so the search would find them.
    assert all(unknown.contributor in kept for unknown in ledger.unknowns)
    assert released.population == cluster_id


def test_the_release_file_is_whole_signed_by_this_site_and_no_news_to_itself(
    site: Site, manager: Visitor, cluster_id: str, released: Snapshot
) -> None:
    content = manager.get(f"/clusters/{cluster_id}/release-file").body
    verified = read(content)
    assert verified.signer == release_files.own_signer(site.instance)
    assert figures_of(verified.file.snapshot) == figures_of(released)
    assert verified.file.cluster == "Coast"
    fields = {"csrf_token": manager.token(), "file": (io.BytesIO(content), "release.json")}
    assert "This file comes from this site" in manager.send(f"/clusters/{cluster_id}/comparisons", fields).words


def test_three_clusters_that_were_brought_in_make_a_median_and_two_do_not(
    site: Site, manager: Visitor, cluster_id: str, released: Snapshot
) -> None:
    brought_by = person(site, "somebody@cluster.example", "manager")

    def bring(number: int) -> None:
        found = snapshots.snapshot().model_copy(update={"population": f"elsewhere {number}"})
        document = ClusterReadinessDocument(found, snapshots.words(cluster=f"Elsewhere {number}"))
        content = signed(release_file(document, ENGLISH), f"secret {number}")
        verified = read(content)
        with site.instance.database.writing() as connection:
            now = site.clock()
            comparison_groups.add(connection, cluster_id, verified.file, verified.signer, brought_by, now)

    def compared_with() -> int:
        with site.instance.database.reading() as connection:
            cluster = stored.find(connection, id=cluster_id)
            assert cluster is not None
            others = readiness._others(connection, cluster)
        return len(others.clusters)

    bring(1)
    bring(2)
    assert compared_with() == 0
    bring(3)
    assert compared_with() == 3
    assert released.table("comparison").figure("ene", "clusters") is None


def test_the_command_line_writes_the_same_files_and_checks_a_release(
    manager: Visitor, cluster_id: str, released: Snapshot, tmp_path: Path
) -> None:
    whole, other = tmp_path / "release.json", tmp_path / "other.json"
    whole.write_bytes(manager.get(f"/clusters/{cluster_id}/release-file").body)
    other.write_bytes(whole.read_bytes().replace(b"Coast", b"Ghost"))
    run = CliRunner()
    said = run.invoke(commands, ["release", "verify", str(whole)])
    assert said.exit_code == 0, said.output
    assert "The file is whole. Figures of 'Coast'" in said.output
    refused = run.invoke(commands, ["release", "verify", str(other)])
    assert refused.exit_code == 1
    assert "This file was changed after it was signed." in refused.output
    out = ["--out", str(tmp_path / "x")]
    asked = run.invoke(commands, ["export", "--format", "csv", *out, "--draft", "a", "--cluster", "b"])
    assert "Name one" in asked.output
    wrong = run.invoke(commands, ["export", "--format", "docx", *out, "--cluster", "b"])
    assert "Choose one of: csv, xlsx, json, pdf, release." in wrong.output
    assert json.loads(whole.read_text("utf-8"))["snapshot"]["companies"] == released.companies


def test_the_command_line_exports_the_newest_figures_of_a_cluster(
    site: Site, cluster_id: str, released: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = site.instance.settings
    monkeypatch.setenv("ASSESSMENT_MODE", "test")
    monkeypatch.setenv("ASSESSMENT_DATA", str(settings.data_dir))
    site.instance.database.close()
    out = tmp_path / "figures.json"
    asked = ["export", "--out", str(out), "--cluster"]
    said = CliRunner().invoke(commands, [*asked, cluster_id, "--format", "json"])
    assert said.exit_code == 0, said.output
    assert figures_of(ReleaseFile.model_validate_json(out.read_bytes()).snapshot) == figures_of(released)
    said = CliRunner().invoke(commands, [*asked, cluster_id, "--format", "release"])
    assert said.exit_code == 0, said.output
    assert read(out.read_bytes()).file.cluster == "Coast"
    said = CliRunner().invoke(commands, [*asked, "0" * 32, "--format", "json"])
    assert "There is no such cluster with figures." in said.output

"""Figures of clusters elsewhere: a file is looked at, brought in, compared with, removed; a bad one is refused."""

import io
import json
from dataclasses import replace

import pytest

from assessment.content.aggregates import release_files as reading
from assessment.content.aggregates.release_files import LARGEST, in_groups, signed, signer_of
from assessment.core.aggregates.release_file import ReleaseFile
from assessment.core.aggregates.snapshots import Snapshot
from assessment.core.errors import Refused
from assessment.reporting.aggregates.cluster_document import ClusterReadinessDocument
from assessment.reporting.aggregates.cluster_exports import as_json, release_file
from assessment.services.aggregates import release_files
from assessment.storage.aggregates import comparison_groups
from assessment.storage.clusters import clusters as stored
from assessment.storage.database import Database
from tests.reporting import snapshots
from tests.reporting.languages import ENGLISH
from tests.web.people import person, signed_in
from tests.web.visiting import Page, Site, Visitor

ELSEWHERE = "the secret of another site"


@pytest.fixture
def manager(site: Site) -> Visitor:
    return signed_in(site, person(site, "manager@cluster.example", "manager"))


@pytest.fixture
def cluster_id(manager: Visitor) -> str:
    return manager.post("/clusters", {"name": "Coast"}).location.split("/")[2]


def file(name: str = "Danube Bakers", day: int = 16, population: str = "danube", **more: object) -> ReleaseFile:
    """Figures of a cluster elsewhere, of one day in November 2026."""
    found = snapshots.snapshot()
    found = found.model_copy(update={"population": population, "taken_at": found.taken_at.replace(day=day), **more})
    return release_file(ClusterReadinessDocument(found, snapshots.words(cluster=name)), ENGLISH)


def sent(manager: Visitor, cluster_id: str, content: bytes, status: int = 200) -> Page:
    fields = {"csrf_token": manager.token(), "file": (io.BytesIO(content), "release.json")}
    answer = manager.send(f"/clusters/{cluster_id}/comparisons", fields)
    assert answer.status == status
    return answer


def bring(manager: Visitor, cluster_id: str, content: bytes) -> Page:
    looked = sent(manager, cluster_id, content)
    return manager.follow(manager.submit(looked, action="/add"))


def brought(database: Database, cluster_id: str) -> tuple[Snapshot, ...]:
    with database.reading() as connection:
        return comparison_groups.imported_snapshots(connection, cluster_id)


def test_a_file_is_looked_at_before_it_is_kept_and_removed_again(site: Site, manager: Visitor, cluster_id: str) -> None:
    content = signed(file(), ELSEWHERE)
    looked = sent(manager, cluster_id, content)
    for words in ("Danube Bakers", "16 November 2026", "about 50", "5 companies", in_groups(signer_of(ELSEWHERE))):
        assert words in looked.words, words
    assert brought(site.instance.database, cluster_id) == ()
    listed = manager.follow(manager.submit(looked, action="/add"))
    assert "These figures are compared with yours from now on." in listed.words
    assert in_groups(signer_of(ELSEWHERE)) in listed.words
    (kept,) = brought(site.instance.database, cluster_id)
    assert kept == file().snapshot
    manager.submit(listed, action="/remove")
    assert brought(site.instance.database, cluster_id) == ()


def test_newer_figures_take_the_place_of_older_ones_of_the_same_cluster_alone(
    site: Site, manager: Visitor, cluster_id: str
) -> None:
    bring(manager, cluster_id, signed(file(day=9), ELSEWHERE))
    looked = sent(manager, cluster_id, signed(file(day=16), ELSEWHERE))
    assert "It takes the place of the figures of 9 November 2026" in looked.words
    manager.submit(looked, action="/add")
    bring(manager, cluster_id, signed(file("Tyrol Wood", population="tyrol"), ELSEWHERE))
    # The same cluster by another key is another one: whoever signs cannot push out what somebody else signed.
    bring(manager, cluster_id, signed(file("Danube Bakers", day=20), "a third secret"))
    assert sorted(found.taken_at.day for found in brought(site.instance.database, cluster_id)) == [16, 16, 20]


def refusal(manager: Visitor, cluster_id: str, content: bytes) -> str:
    page = sent(manager, cluster_id, content, 422)
    assert "There is a problem" in page.words
    return page.words


def test_every_file_that_is_not_whole_is_refused_with_what_to_do(
    site: Site, manager: Visitor, cluster_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGEST", 100_000)
    content = signed(file(), ELSEWHERE)
    document = json.loads(content)
    plain = as_json(ClusterReadinessDocument(snapshots.snapshot(), snapshots.words()), ENGLISH)
    own = site.instance.settings.code_key
    for bad, said in {
        content.replace(b"Danube", b"Dunube"): "This file was changed after it was signed.",
        content[:900]: "The end of this file is missing.",
        json.dumps({**document, "schema_version": 2}).encode(): "This file was made by a newer version",
        b"%PDF-1.7 nothing": "This is no release file.",
        b'{"format": "green-pathways-plan"}': "This file holds something else.",
        plain: "This file is not signed.",
        b" " * 3: "This file is empty.",
        b"{" + b" " * 100_000: "This file is larger than 512 kB.",
        signed(file(), own): "This file comes from this site",
        signed(file().model_copy(update={"questionnaire": "another"}), ELSEWHERE): "about another questionnaire",
    }.items():
        assert said in refusal(manager, cluster_id, bad)
    page = manager.send(f"/clusters/{cluster_id}/comparisons", {"csrf_token": manager.token()})
    assert page.status == 422
    assert "Choose a release file on your computer" in page.words
    assert brought(site.instance.database, cluster_id) == ()


def test_what_is_no_news_is_refused(manager: Visitor, cluster_id: str) -> None:
    bring(manager, cluster_id, signed(file(day=9), ELSEWHERE))
    assert "You have these figures already" in refusal(manager, cluster_id, signed(file(day=9), ELSEWHERE))
    assert "You have newer figures" in refusal(manager, cluster_id, signed(file(day=8), ELSEWHERE))


def test_what_the_browser_sends_with_the_yes_is_checked_again(site: Site, manager: Visitor, cluster_id: str) -> None:
    looked = sent(manager, cluster_id, signed(file(), ELSEWHERE))
    altered = release_files.packed(signed(file(), ELSEWHERE).replace(b"Danube", b"Dunube"))
    page = manager.submit(looked, {"packed": altered}, "/add", 422)
    assert "This file was changed after it was signed." in page.words
    for broken in ("", "no base 64", "AAAA"):
        manager.submit(looked, {"packed": broken}, "/add", 422)
    assert brought(site.instance.database, cluster_id) == ()


def test_a_packed_file_does_not_grow_beyond_what_may_be_brought_in() -> None:
    content = signed(file(), ELSEWHERE)
    assert json.loads(release_files.unpacked(release_files.packed(content))) == json.loads(content)
    with pytest.raises(Refused, match="too-large"):
        release_files.unpacked(release_files.packed(b"[" + b"0," * LARGEST + b"0]"))


def test_no_more_than_fifty_are_kept(
    site: Site, manager: Visitor, cluster_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_files, "MOST_GROUPS", 1)
    bring(manager, cluster_id, signed(file(day=9), ELSEWHERE))
    other = signed(file("Tyrol Wood", population="tyrol"), ELSEWHERE)
    assert "Remove one first" in refusal(manager, cluster_id, other)
    bring(manager, cluster_id, signed(file(day=16), ELSEWHERE))
    assert len(brought(site.instance.database, cluster_id)) == 1


def test_text_in_a_file_is_text_on_the_pages(manager: Visitor, cluster_id: str) -> None:
    page = bring(manager, cluster_id, signed(file("<b onload=x>Bakers"), ELSEWHERE))
    assert "<b onload=x>" not in page.text
    assert "<b onload=x>Bakers" in page.words


def test_imported_figures_of_another_questionnaire_are_left_out_when_one_is_named(
    site: Site, manager: Visitor, cluster_id: str
) -> None:
    bring(manager, cluster_id, signed(file(), ELSEWHERE))
    with site.instance.database.reading() as connection:
        cluster = stored.find(connection, id=cluster_id)
        assert cluster is not None
        assert len(comparison_groups.imported_snapshots(connection, cluster_id, cluster.questionnaire)) == 1
        assert comparison_groups.imported_snapshots(connection, cluster_id, "another") == ()


def test_files_of_two_instances_are_told_apart_by_their_keys(site: Site) -> None:
    other = replace(site.instance, settings=replace(site.instance.settings, code_key="another" * 8))
    assert release_files.own_signer(other) != release_files.own_signer(site.instance)

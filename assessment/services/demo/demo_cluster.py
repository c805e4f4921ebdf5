"""The cluster of a demo: invented members whose answers vary around the examples', and figures taken of them before.

All of it is done through the services that people use, at moments in the past.
"""

import json
import random
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import Final

from assessment.content.checks.examples import Example
from assessment.core.checks.answers import NO_REMARK, Value
from assessment.core.checks.questions import Choice, Question
from assessment.services.aggregates import comparing, readiness
from assessment.services.aggregates.contributing import note_planned, note_started
from assessment.services.checks import answering, results
from assessment.services.clusters import clusters
from assessment.services.demo import demo_cluster_life
from assessment.services.instance import Instance
from assessment.storage.checks import assessments
from assessment.storage.checks import results as stored_results
from assessment.storage.checks.assessments import Change
from assessment.storage.clusters import cluster_map, cluster_members
from assessment.storage.clusters import clusters as stored_clusters
from assessment.storage.people import companies, people
from assessment.storage.plans import plan_items
from assessment.storage.plans.plan_items import PlanFields

NAME: Final = "Example Green Cluster"
_LIKE: Final = ("bakery-bg", "hotel-hr", "metal-shop-de", "bakery-bg", "cafe-be", "metal-shop-de")
"""The examples that members are like: three lines of business, so that groups are large enough to be shown."""
_SINCE: Final = 8
_LIKES: Final = (
    *islice(cycle(_LIKE), 45),
    *("bakery-bg",) * 5,
    *("metal-shop-de", "bakery-bg", "metal-shop-de"),
    *("hotel-hr", "cafe-be") * 3,
)
"""Whom the members are like: those of the waves, five bakeries and three seen by name that finished since, and six that
did not; the company of the demo's owner is the last one."""
_LIKE_NEIGHBOURS: Final = (*_LIKE, "bakery-bg", "metal-shop-de")
NEIGHBOURS: Final = ("Example Coast Cluster", "Example Hill Cluster", "Example River Cluster")
_ABOUT: Final[Mapping[str, Mapping[str, str]]] = {
    "bakery-bg": {"nace": "10.71", "size": "small", "category": ""},
    "hotel-hr": {"nace": "55.10", "size": "medium", "category": "water-saving"},
    "metal-shop-de": {"nace": "25.62", "size": "small", "category": "energy-saving"},
    "cafe-be": {"nace": "56.10", "size": "micro", "category": "waste"},
}
_REGIONS: Final = ("Coast", "Hills", "River valley")
WAVES: Final = ((timedelta(days=200), 15), (timedelta(days=110), 30), (timedelta(days=20), 45))
"""How long ago the figures were taken, and how many members had finished by then: each time five more of each line of
business, because fewer could be worked out from the difference, and their figures would not be shown."""
_SEED: Final = 20261126
_CHANGED: Final = 0.35
"""The share of answers in which a member differs from the example that it is like."""
_NAMED: Final = frozenset({50, 51, 52})
"""The members that the cluster sees by name. They finish after the last figures, which would show less with them in."""
_UNSEEN: Final = frozenset({*range(WAVES[0][1], WAVES[-1][1]), *range(53, 58)})
"""Who does not show how far they are: those of the later waves, since of five new ones of a line of business each must
be one to hide among, and five who have not begun, since fewer would not be told in the next figures."""
_ROLES: Final = (
    ("Example University", "research"), ("Example Training Centre", "training"), ("Example Savings Bank", "finance"),
    ("Example City", "public"),
)  # fmt: skip
_SELLERS: Final = ("Example seaside hotel", "Example campus café")
_TEXT: Final = "An invented cluster with invented members, to try everything out."


def found(instance: Instance, manager_id: str, own_company: str) -> str:
    """The cluster with its members, three snapshots and what goes on in it, and three others beside it; its id.

    `own_company` is the one that somebody opens in the demo: it belongs to the cluster too.
    """
    _found_others(instance)
    began = instance.now() - WAVES[0][0] - timedelta(days=60)
    cluster_id = clusters.make(_at(instance, began), manager_id, NAME, "en")
    with instance.database.writing() as connection:
        stored_clusters.change(connection, cluster_id, texts={"en": _TEXT}, published=True)
        for name, role in _ROLES:
            cluster_members.list_organisation(connection, cluster_id, began, name=name, role=role)
    # All belong before the first figures are taken: how far they are is told of those who have not begun as well.
    members = iter([*_members(instance, cluster_id, began, _LIKES)])
    at = 0
    for ago, finished in WAVES:
        then = instance.now() - ago
        for company_id, example, luck in islice(members, finished - at):
            _check(_at(instance, then - timedelta(days=luck.randint(2, 50))), company_id, example, luck)
        at = finished
        readiness.make(_at(instance, then), cluster_id, manager_id)
        comparing.refresh(_at(instance, then))
    # Some have finished since, so that new figures can be asked for; the last one has only begun.
    for company_id, example, luck in islice(members, _SINCE):
        _check(_at(instance, instance.now() - timedelta(days=luck.randint(1, 9))), company_id, example, luck)
    *_waiting, (company_id, example, _luck) = members
    _begin(instance, company_id, example)
    with instance.database.writing() as connection:
        company = companies.find_company(connection, own_company)
        if company is not None:
            cluster_members.join(
                connection, cluster_id, own_company, company.name, "code",
                cluster_members.stage_of(connection, own_company, instance.library.newest[0]), instance.now(),
                ("counted", "progress"),
            )  # fmt: skip
    _link(instance, cluster_id)
    _own_checks(instance, cluster_id)
    demo_cluster_life.begin(instance, cluster_id, manager_id, own_company)
    return cluster_id


def _found_others(instance: Instance) -> None:
    """Three small clusters of somebody else, with figures of their own to compare with."""
    then = instance.now() - WAVES[0][0] - timedelta(days=30)
    with instance.database.writing() as connection:
        runs = people.add_person(
            connection, "neighbours@demo.example", then, uniquifier=secrets.token_hex(32), name="Nora Neighbour",
            staff_role="manager",
        ).id  # fmt: skip
    for name in NEIGHBOURS:
        cluster_id = clusters.make(_at(instance, then), runs, name, "en")
        with instance.database.writing() as connection:
            stored_clusters.change(connection, cluster_id, texts={"en": _TEXT}, published=True)
        for company_id, example, luck in _members(instance, cluster_id, then, _LIKE_NEIGHBOURS, name):
            _check(_at(instance, then + timedelta(days=20)), company_id, example, luck)
        readiness.make(_at(instance, then + timedelta(days=25)), cluster_id, runs)


def _at(instance: Instance, then: datetime) -> Instance:
    return replace(instance, now=lambda: then)


def _members(
    instance: Instance, cluster_id: str, began: datetime, likes: Sequence[str], of: str = ""
) -> Iterator[tuple[str, Example, random.Random]]:
    """The companies that belong, each with the example that it is like and what decides how it differs."""
    examples, so_far = instance.library.examples(), Counter[str]()
    for number, name in enumerate(likes):
        luck = random.Random(f"{_SEED}{of}{number}" if of else _SEED + number)  # noqa: S311 - nothing secret rests on it
        so_far[name] += 1
        example = examples[name]
        joined = began + timedelta(days=luck.randint(0, 50))
        title = f"{example.sheet.name} {so_far[name] + 1}" if not of else f"{example.sheet.name} of {of} {so_far[name]}"
        with instance.database.writing() as connection:
            owner = people.add_person(
                connection, f"{_slug(of) or 'member'}-{number + 1}@demo.example", joined,
                uniquifier=secrets.token_hex(32), name=title,
            )  # fmt: skip
            company = companies.add_company(connection, title, owner.id, joined)
            agreed = ["counted", *(what for what in ("progress", "on_map") if luck.random() < 0.4)]
            if number in _UNSEEN and not of and "progress" in agreed:
                agreed.remove("progress")
            # In a small cluster a few that are seen by name would leave too few for any figure.
            agreed += ["named"] if number in _NAMED and not of else []
            companies.set_compared(connection, company.id, not of)
            member = cluster_members.join(connection, cluster_id, company.id, title, "invitation", 0, joined, agreed)
            cluster_members.describe(connection, member, **_ABOUT[name], region=luck.choice(_REGIONS))
        yield company.id, example, luck


def _own_checks(instance: Instance, cluster_id: str) -> None:
    """What the organisation that runs the cluster answered itself, some days after the newest figures."""
    with instance.database.reading() as connection:
        cluster = stored_clusters.find(connection, id=cluster_id)
    if cluster is None or cluster.organisation_id is None:
        return
    luck = random.Random(_SEED)  # noqa: S311 - nothing secret rests on it
    for name, version in instance.library.offered("cluster"):
        for example in islice(instance.library.examples_of(name, version).values(), 1):
            _check(_at(instance, instance.now() - timedelta(days=10)), cluster.organisation_id, example, luck)


def _link(instance: Instance, cluster_id: str) -> None:
    """What the members do for each other, and what some look for, so that the map shows something."""
    with instance.database.writing() as connection:
        there = cluster_members.members_of(connection, cluster_id)
        firms = [member for member in there if member.company_id is not None]
        bakers, others = firms[:8], firms[-8:]
        for member in firms:
            step = "sale" if member.name.startswith(_SELLERS) else "processing"
            cluster_members.describe(connection, member.id, step=step)
        support = {member.role: member.id for member in there if member.company_id is None}
        links = [(baker.id, other.id, "supplies", False) for baker, other in zip(bakers, others, strict=True)]
        for role, kind in (("research", "researches-for"), ("training", "trains"), ("finance", "finances")):
            links += [(support[role], member.id, kind, False) for member in bakers[:3]]
        links += [(member.id, "container-washing", "works-with", True) for member in others[:2]]
        links += [(member.id, "biogas", "works-with", True) for member in bakers[:2]]
        cluster_map.add_links(connection, cluster_id, links, {"container-washing", "biogas"})


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _begin(instance: Instance, company_id: str, example: Example) -> None:
    """A check that is begun and not finished."""
    name, version = instance.library.newest
    now = instance.now() - timedelta(days=3)
    with instance.database.writing() as connection:
        draft = assessments.create(
            connection, questionnaire=name, version=version, depth="quick", language="en", now=now,
            company_id=company_id,
        )  # fmt: skip
        some = [Change(question, value, NO_REMARK) for question, value in islice(example.answers.items(), 6)]
        assessments.save_answers(connection, draft, some, now)
        note_started(connection, company_id, name)


def _check(instance: Instance, company_id: str, example: Example, luck: random.Random) -> None:
    """One finished check like an example's, with a plan begun by most."""
    name, version = example.version
    now = instance.now()
    edition = instance.library.edition(name, version, "en")
    answers = {
        question: _varied(edition.questionnaire.questions[question], value, luck)
        for question, value in example.answers.items()
    }  # fmt: skip
    remarks = example.remarks
    changes = [Change(question, value, remarks.get(question, NO_REMARK)) for question, value in answers.items()]
    with instance.database.writing() as connection:
        draft = assessments.create(
            connection, questionnaire=name, version=version, depth=example.sheet.depth, language="en", now=now,
            company_id=company_id,
        )  # fmt: skip
        saved = assessments.save_answers(connection, draft, changes, now)
    results.submit(instance, answering.with_route(instance, saved.draft, "en"), "en", printed=False)
    with instance.database.writing() as connection:
        result = stored_results.latest_result(connection, draft.id)
        advised = json.loads(result.frozen)["plan"] if result is not None else []
        for measure in advised[: luck.randint(0, 4)]:
            plan_items.save_item(connection, draft.id, f"measure:{measure}", PlanFields(status="planned"), 0, now)
            note_planned(connection, draft)


def _varied(question: Question, value: Value, luck: random.Random) -> Value:
    """An answer, now and then a level up or down where the question is one of levels."""
    if not isinstance(question, Choice) or not question.scored or question.options_by is not None:
        return value
    levels = sorted((option.points, option.id) for option in question.options if option.points is not None)
    here = next((at for at, (_, option) in enumerate(levels) if option == value), None)
    if here is None or luck.random() >= _CHANGED:
        return value
    return levels[min(max(here + luck.choice((-2, -1, 1, 2)), 0), len(levels) - 1)][1]

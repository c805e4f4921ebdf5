"""The cluster of a demo: invented members whose answers vary around the examples', and figures taken of them before.

All of it is done through the services that people use, at moments in the past.
"""

import json
import random
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import Final

from assessment.content.examples import Example
from assessment.core.answers import NO_REMARK, Value
from assessment.core.questions import Choice, Question
from assessment.services import answering, clusters, comparing, readiness, results
from assessment.services.contributing import note_planned
from assessment.services.instance import Instance
from assessment.storage import assessments, cluster_map, cluster_members, companies, people, plan_items
from assessment.storage import clusters as stored_clusters
from assessment.storage import results as stored_results
from assessment.storage.assessments import Change
from assessment.storage.plan_items import PlanFields

NAME: Final = "Example Green Cluster"
MEMBERS: Final = 60
_LIKE: Final = ("bakery-bg", "hotel-hr", "metal-shop-de", "bakery-bg", "cafe-be", "metal-shop-de")
"""The examples that members are like: three lines of business, so that groups are large enough to be shown."""
WAVES: Final = ((timedelta(days=200), 15), (timedelta(days=110), 30), (timedelta(days=20), 45))
"""How long ago the figures were taken, and how many members had finished by then: each time five more of each line of
business, because fewer could be worked out from the difference, and their figures would not be shown."""
_SEED: Final = 20261126
_CHANGED: Final = 0.35
"""The share of answers in which a member differs from the example that it is like."""
_NAMED: Final = frozenset({46, 49, 52})
"""The members that the cluster sees by name. They finish after the last figures, which would show less with them in."""
_ROLES: Final = (
    ("Example University", "research"), ("Example Training Centre", "training"), ("Example Savings Bank", "finance"),
    ("Example City", "public"),
)  # fmt: skip
_SELLERS: Final = ("Example seaside hotel", "Example campus café")
_TEXT: Final = "An invented cluster with invented members, to try everything out."


def found(instance: Instance, manager_id: str) -> str:
    """The cluster with its members and three snapshots; its id."""
    began = instance.now() - WAVES[0][0] - timedelta(days=60)
    cluster_id = clusters.make(_at(instance, began), manager_id, NAME, "en")
    with instance.database.writing() as connection:
        stored_clusters.change(connection, cluster_id, texts={"en": _TEXT}, published=True)
        for name, role in _ROLES:
            cluster_members.list_organisation(connection, cluster_id, began, name=name, role=role)
    members = _members(instance, cluster_id, began)
    at = 0
    for ago, finished in WAVES:
        then = instance.now() - ago
        for company_id, example, luck in islice(members, finished - at):
            _check(_at(instance, then - timedelta(days=luck.randint(2, 50))), company_id, example, luck)
        at = finished
        readiness.make(_at(instance, then), cluster_id, manager_id)
        comparing.refresh(_at(instance, then))
    # The rest have finished since, so that new figures can be asked for.
    for company_id, example, luck in members:
        _check(_at(instance, instance.now() - timedelta(days=luck.randint(1, 9))), company_id, example, luck)
    _link(instance, cluster_id)
    return cluster_id


def _at(instance: Instance, then: datetime) -> Instance:
    return replace(instance, now=lambda: then)


def _members(instance: Instance, cluster_id: str, began: datetime) -> Iterator[tuple[str, Example, random.Random]]:
    """The companies that belong, each with the example that it is like and what decides how it differs."""
    examples = instance.library.examples()
    for number, name in enumerate(islice(cycle(_LIKE), MEMBERS)):
        luck = random.Random(_SEED + number)  # noqa: S311 - decides nothing that has to stay secret
        example = examples[name]
        joined = began + timedelta(days=luck.randint(0, 50))
        title = f"{example.sheet.name} {number // len(_LIKE) + 2}"
        with instance.database.writing() as connection:
            owner = people.add_person(
                connection, f"member-{number + 1}@demo.example", joined, uniquifier=secrets.token_hex(32), name=title
            )  # fmt: skip
            company = companies.add_company(connection, title, owner.id, joined)
            agreed = ["counted", *(what for what in ("progress", "on_map") if luck.random() < 0.4)]
            agreed += ["named"] if number in _NAMED else []
            companies.set_compared(connection, company.id, True)
            cluster_members.join(connection, cluster_id, company.id, title, "invitation", 0, joined, agreed)
        yield company.id, example, luck


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


def _check(instance: Instance, company_id: str, example: Example, luck: random.Random) -> None:
    """One finished check of a member, with a plan begun by most."""
    name, version = instance.library.newest
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

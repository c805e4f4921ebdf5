"""Rules that learn late to write their addresses write the same ones, and cost nothing before."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Map, Rule

from assessment.app import make_app
from tests.web.visiting import Site

WORDS = {"name": "a/b c.css", "draft_id": "a/ü?&", "kind": "é"}


def test_every_address_is_written_as_werkzeugs_own_rules_write_it(site: Site) -> None:
    rules = list(site.app.url_map.iter_rules())
    plain = Map([Rule(rule.rule, endpoint=rule.endpoint, methods=rule.methods) for rule in rules])
    late, own = (found.bind("firm.example", url_scheme="https") for found in (site.app.url_map, plain))
    for rule in rules:
        values = {name: WORDS.get(name, "x y") for name in rule.arguments}
        for more in ({}, {"notice": "saved & sound"}):
            for _ in ("first", "second"):
                written = late.build(rule.endpoint, {**values, **more})
                assert written == own.build(rule.endpoint, {**values, **more}), rule.rule


def test_no_rule_learns_it_before_the_first_address_is_written(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    learn = Rule._compile_builder

    def noted(rule: Rule, append_unknown: bool = True) -> Any:
        compiled.append(rule.rule)
        return learn(rule, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", noted)
    monkeypatch.setattr(Flask, "url_map_class", Map)
    app = make_app(site.instance)
    assert compiled == []
    with app.test_request_context():
        app.url_for("drafts.resume")
        app.url_for("drafts.resume")
    assert compiled == ["/resume"]

"""Drawings: a QR code is what it was made of, and bars stay on their track."""

import re

import pytest
import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assessment.content import folders
from assessment.reporting.charts import qr_code


def modules(path: str) -> set[tuple[int, int]]:
    """The dark modules that a path of strokes covers, without the margin."""
    x = y = 0.0
    dark = set()
    for command, numbers in re.findall(r"([Mmhv])([-0-9. ]+)", path):
        values = [float(number) for number in numbers.split()]
        match command:
            case "M":
                x, y = values
            case "m":
                x, y = x + values[0], y + values[1]
            case "h":
                dark |= {(int(y), int(x + step)) for step in range(int(values[0]))}
                x += values[0]
            case _:
                dark |= {(int(y + step), int(x)) for step in range(int(values[0]))}
                y += values[0]
    return {(row - 2, column - 2) for row, column in dark}


@pytest.mark.parametrize("address", ["https://gp.example.org/r/abcde", "https://gruene-wege.example.org/r/" + "x" * 40])
def test_a_code_drawn_as_one_path_has_exactly_its_dark_modules(address: str) -> None:
    drawn = qr_code(address)
    matrix = segno.make(address, error="l", micro=False).matrix
    assert modules(drawn.path) == {
        (row, column) for row, line in enumerate(matrix) for column, dark in enumerate(line) if dark
    }
    assert drawn.size == len(matrix) + 4
    assert drawn.path.count("M") == 1


def macro(call: str) -> str:
    environment = Environment(loader=FileSystemLoader(folders.TEMPLATES), undefined=StrictUndefined, autoescape=True)
    return environment.from_string('{% import "macros/charts.html" as charts %}{{ charts.' + call + " }}").render()


def test_a_bar_has_a_title_and_a_range_only_where_there_is_one() -> None:
    plain = macro('bar(40, 40, 40, "Water: 40")')
    assert "<title>Water: 40</title>" in plain
    assert plain.count("<rect") == 3
    assert macro('bar(40, 30, 55, "Water")').count("<rect") == 4
    assert 'x="30%"' in macro('bar(40, 30, 55, "Water")')


def test_text_in_charts_is_escaped() -> None:
    rows = '[{"label": "<b>", "value": none, "text": "<i>", "title": "", "low": none, "high": none, "strong": false}]'
    drawn = macro(f'tbars({rows}, "<a>", "v")')
    assert "<b>" not in drawn
    assert "&lt;a&gt;" in drawn


@pytest.mark.parametrize("value", [0, 43, 100])
def test_the_scale_stays_inside_its_drawing(value: int) -> None:
    bands = '[{"first": 0, "label": "Starting", "current": true}, {"first": 80, "label": "Leading", "current": false}]'
    drawn = macro(
        f'scale({bands}, {value}, {max(value - 3, 0)}, {min(value + 3, 100)}, "t", "{value}", width=480, size=8)'
    )
    places = [float(place) for place in re.findall(r' x="([0-9.]+)"', drawn)]
    assert all(0 <= place <= 480 for place in places)
    assert f">{value}</text>" in drawn

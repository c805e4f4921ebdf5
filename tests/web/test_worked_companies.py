"""Companies worked out by hand: what the page shows is what pencil and paper give, to the last digit shown.

Typical fractions lie a third of the way up (0.33) between low and high where the catalogue names none.
"""

from tests.web.test_best_plan import ask, column, figures, panel, planned, save, use
from tests.web.visiting import PROFILE, Site, Visitor


def company(
    site: Site, levels: dict[str, int], lines: dict[str, tuple[str, str]], *has: str, country: str = "BG"
) -> Visitor:
    """A bakery that stands at these levels, has this besides, uses so much at such a price, and nothing else."""
    owner = site.visitor()
    owner.start()
    for controls in PROFILE:
        owner.answer({"p-01": country} if "p-01" in controls else controls)
    owner.answer({"p-07": ["products", "procwater", "food", *has]})
    for name, level in levels.items():
        question = site.question(name)
        option = next(option.id for option in question.options if option.points == level)  # type: ignore[union-attr]
        owner.answer({name: option})
    owner.post(owner.hub + "/submit")
    for line, (amount, price) in lines.items():
        page = owner.get(f"{owner.hub}/use/{line}")
        owner.submit(page, {"amount": amount, **({"price": price} if price else {})})
    return owner


def test_one_measure_on_one_use(site: Site) -> None:
    owner = company(site, {"ene-10": 0}, {"electricity": ("100000", "0.2")})
    shown = figures(panel(owner, ["shutdown-procedure"]))
    # 3 to 10 %, typically 0.03 + 0.33 x 0.07 = 5.31 % of 100,000 kWh: 5,310 kWh, at EUR 0.20 EUR 1,062 (600 to 2,000).
    assert shown["quantities"] == "about 5,300 kWh of electricity"
    assert (shown["eur"], shown["eur_span"]) == ("about EUR 1,100 a year", "600 to 2,000")
    # 5,310 kWh x 0.248 kg = 1,317 kg.
    assert shown["carbon"] == "about 1.3 t CO2e"
    assert (shown["cost"], shown["payback"], shown["hours"]) == ("Nothing to buy", "At once", "4 hours")


def test_measures_on_end_uses_save_of_the_share_that_the_trade_has_of_each(site: Site) -> None:
    owner = company(site, {"ene-10": 0}, {"electricity": ("100000", "0.2")}, "motors")
    # Lighting is 8 % in food factories; 5 to 20 % of it, typically 9.95 %: 796 kWh, at EUR 0.20 EUR 159 (80 to 320).
    lights = figures(panel(owner, ["lighting-switch-off-routine"]))
    assert (lights["quantities"], lights["eur"], lights["eur_span"]) == (
        "about 800 kWh of electricity", "about EUR 160 a year", "80 to 320"
    )  # fmt: skip
    # Motors run through all uses and take 60 % (50 to 67 %); 3 to 12 % of it, typically 5.97 %: 3,582 kWh, EUR 716.
    # Below: the root of (0.0297 x 0.6)^2 and (0.1 x 0.0597)^2 = 1.879 %; above: of (0.0603 x 0.6)^2 and
    # (0.07 x 0.0597)^2 = 3.642 %. So EUR 341 to 1,445.
    motors = figures(panel(owner, ["motor-idle-switch-off"]))
    assert (motors["quantities"], motors["eur"], motors["eur_span"]) == (
        "about 3,600 kWh of electricity", "about EUR 720 a year", "340 to 1,400"
    )  # fmt: skip
    # One after the other: 1 - (1 - 0.00796) x (1 - 0.03582) = 4.349 %, EUR 870.
    both = figures(panel(owner, ["lighting-switch-off-routine", "motor-idle-switch-off"]))
    assert (both["quantities"], both["eur"], both["eur_span"]) == (
        "about 4,300 kWh of electricity", "about EUR 870 a year", "490 to 1,600"
    )  # fmt: skip


def test_two_measures_on_the_same_use_act_one_after_the_other(site: Site) -> None:
    owner = company(site, {"mat-03": 0, "mat-08": 0}, {"material-cost": ("100000", "")})
    both = ["set-up-waste-reduction", "stock-expiry-management"]
    shown = figures(panel(owner, both))
    # 1 to 5 %: 2.32 %; 0.5 to 3 %: 1.325 %. Together 1 - 0.9768 x 0.98675 = 3.614 % of EUR 100,000: EUR 3,614.
    assert shown["eur"] == "about EUR 3,600 a year"
    # Below: the root of (1.32 x 0.98675)^2 + (0.825 x 0.9768)^2 = 1.53 %; above: of (2.68 x 0.98675)^2 and
    # (1.675 x 0.9768)^2: 3.11 %. So EUR 2,083 to 6,724; the sum of highs, 1 - 0.95 x 0.97, would be EUR 7,850.
    assert shown["eur_span"] == "2,100 to 6,700"
    # 3,614 of EUR 5,100, the middle of 200 and 10,000: 1.41 years. 20 hours and 4 hours.
    assert shown["cost"] == "EUR 200 to EUR 10,000"
    assert (shown["payback"], shown["hours"]) == ("About 1.4 years", "24 hours")
    use(owner, both)
    assert set(planned(owner)) == set(both)
    assert "about EUR 3,600 a year 2,100 to 6,700" in owner.get(owner.hub + "/plan").words
    assert column(save(owner, "a", both), 2)["Saving"] == "about EUR 3,600 a year 2,100 to 6,700"


def test_measures_on_two_resources_add_up_and_their_ranges_do_not(site: Site) -> None:
    uses = {"electricity": ("100000", "0.2"), "material-cost": ("100000", "")}
    owner = company(site, {"ene-10": 0, "mat-03": 0}, uses)
    both = ["shutdown-procedure", "set-up-waste-reduction"]
    shown = figures(panel(owner, both))
    # 5.31 % of 100,000 kWh at EUR 0.20: EUR 1,062 (600 to 2,000). 2.32 % of EUR 100,000: EUR 2,320 (1,000 to 5,000).
    assert shown["quantities"] == "about 5,300 kWh of electricity; about EUR 2,300 of materials"
    assert shown["eur"] == "about EUR 3,400 a year"
    # 3,382 less the root of 462^2 + 1,320^2 = 1,399, and more the root of 938^2 + 2,680^2 = 2,839: EUR 1,983 to 6,221.
    assert shown["eur_span"] == "2,000 to 6,200"
    # 5,310 kWh x 0.248 kg = 1,317 kg; materials save none as long as their kind is not told.
    assert shown["carbon"] == "about 1.3 t CO2e"
    # EUR 5,100, the middle of 200 and 10,000, for EUR 3,382 a year: 1.51 years.
    assert (shown["cost"], shown["payback"]) == ("EUR 200 to EUR 10,000", "About 1.5 years")
    footprint = owner.get(owner.hub + "/footprint").words
    # 100,000 kWh x 0.248 kg by the grid of the country, x 0.37181 kg by the residual mix.
    assert "24.8 t Scope 2 location-based" in footprint
    assert "37.2 t Scope 2 market-based" in footprint


def test_what_is_half_done_saves_half_and_an_umbrella_adds_nothing_beside_it(site: Site) -> None:
    owner = company(site, {"wat-02": 0, "wat-04": 2}, {"water": ("500", "4")})
    # The audit alone: 10, 20, 50 % of 500 m3 at EUR 4, of which no more than 40 % count.
    audit = figures(panel(owner, ["water-audit"]))
    assert (audit["quantities"], audit["eur"], audit["eur_span"]) == (
        "about 100 m³ of water",
        "about EUR 400 a year",
        "200 to 800",
    )
    # Reuse saves 10 to 40 %, typically 19.9 %; level 2 of 4 leaves half: 9.95 % of 500 m3 = 49.75 m3, EUR 199.
    both = figures(panel(owner, ["water-audit", "process-water-reuse"]))
    assert (both["quantities"], both["eur"], both["eur_span"]) == (
        "about 50 m³ of water",
        "about EUR 200 a year",
        "100 to 400",
    )
    # 49.75 m3 x (0.191 + 0.171) kg = 18 kg.
    assert both["carbon"] == "about 18 kg CO2e"
    # EUR 52,500 + 1,500 for EUR 199 a year.
    assert both["payback"] == "More than 20 years, by what can be counted in euros"


def test_a_heat_pump_saves_fuel_adds_power_and_a_grant_pays_a_part_of_it(site: Site) -> None:
    uses = {"wood": ("100000", "0.12"), "electricity": ("50000", "0.2")}
    owner = company(site, {"ene-12": 0}, uses, "heat", country="AT")
    told = {"pieces": "20", "quantity.heat.process-heat-below-100c": "40000"}
    owner.submit(owner.get(owner.hub + "/pieces/industrial-heat-pump"), told)
    shown = figures(panel(owner, ["industrial-heat-pump"]))
    # 60, 80, 100 % of 40,000 kWh of fuel: 32,000 kWh at EUR 0.12. It adds 0.18, 0.27, 0.40 kWh of power for each kWh of
    # fuel: 8,640 kWh at EUR 0.20. EUR 3,840 - 1,728 = 2,112.
    assert shown["quantities"] == "about 32,000 kWh of fuel and heat; about 8,600 kWh more of electricity"
    assert shown["eur"] == "about EUR 2,100 a year"
    # Below: the root of (0.2 x 40,000 x (0.12 - 0.27 x 0.2) = 528)^2 and (32,000 x 0.13 x 0.2 = 832)^2: 985; above: of
    # 528^2 and (32,000 x 0.09 x 0.2 = 576)^2: 781. So EUR 1,127 to 2,893.
    assert shown["eur_span"] == "1,100 to 2,900"
    # 20 kW at EUR 500 to 1,500, typically EUR 20,000: 9.47 years without a grant.
    assert (shown["cost"], shown["payback"]) == ("EUR 10,000 to EUR 30,000", "About 9.5 years")
    use(owner, ["industrial-heat-pump"])
    words = owner.get(owner.hub + "/plan").words
    assert "Cost EUR 10,000 to EUR 30,000 (our estimate) Payback About 9.5 years" in words
    assert "Funding to look at Domestic environmental support for businesses (UFI)" in words
    # Austria pays 40 % from EUR 10,000 on: EUR 12,000 for EUR 2,112 a year, 5.68 years.
    ask(owner, count_funding="1")
    words = owner.get(owner.hub + "/plan").words
    assert (
        "Cost EUR 10,000 to EUR 30,000; EUR 6,000 to EUR 18,000 if the grant is paid (our estimate) "
        "Payback About 5.7 years" in words
    )
    assert (
        "Cost before funding: EUR 10,000 to EUR 30,000. If the grants are paid that you count on: "
        "EUR 6,000 to EUR 18,000." in words
    )

"""A small sound set of factors, prices and benchmarks, as the files of a catalogue folder."""

ABOUT = """\
title: A data set
version: "2026.1"
date: 2026-11-22
read_me: [For tests.]
missing: []
"""
FACTOR_SOURCES = """\
sources:
  agency: {title: A table, publisher: An agency, kind: primary, year: 2024, licence: CC BY 4.0}
"""
LINES = """\
lines:
  - {id: electricity, label: Electricity, resource: electricity, unit: kWh, grid: true, estimated: true,
     price: {commodity: electricity}}
  - id: oil
    label: Oil
    resource: heat
    unit: kWh
    emissions:
      - {scope: 1, part: burning, factor: fuel-oil-litre, through: oil}
  - {id: waste, label: Waste, resource: waste, unit: t, choice: {scope: 3, part: treatment, group: waste}}
"""
FACTORS = """\
series:
  - shared: {group: electricity-location, subject: electricity, unit: kgCO2e/kWh, scope: "2", gas_basis: CO2e,
             source: agency, confidence: seen, year: 2024, default: true}
    factors:
      - {id: grid-bg, value: 0.4, geography: BG}
      - {id: grid-eu, value: 0.2, geography: EU}
  - shared: {group: fuels, unit: kgCO2e/litre, scope: "1", gas_basis: CO2e, source: agency, confidence: seen}
    factors:
      - {id: fuel-oil-litre, subject: oil, value: 2.7, geography: GB}
  - shared: {group: waste, unit: kgCO2e/t, scope: "3", gas_basis: CO2e, source: agency, confidence: seen}
    factors:
      - {id: waste-landfill, subject: waste, mode: landfill, value: 500, geography: GB}
"""
PRICES = """\
bands:
  - {id: small, commodity: electricity, label: Below 20 MWh, from: 0, below: 20000}
  - {id: large, commodity: electricity, label: Above, from: 20000, below: 500000}
series:
  - shared: {commodity: electricity, unit: EUR/kWh, period: 2024-S2, source: agency, confidence: seen}
    prices:
      - {id: price-bg-small, geography: BG, band: small, value: 0.15}
      - {id: price-bg-large, geography: BG, band: large, value: 0.12}
"""
CONVERSIONS = """\
fuels:
  source: agency
  confidence: seen
  values:
    - {id: oil, fuel: Oil, state: liquid, ncv_mj_per_kg: 43, density_kg_per_litre: 0.84, kwh_per_kg: 11.9444,
       kwh_per_litre: 10.0333, renewable: false}
conversions:
  - {id: gas-gross-to-net, value: 0.903, low: 0.903, high: 0.903, unit: kWh per kWh, confidence: estimate}
"""
BENCHMARK_SOURCES = """\
sources:
  survey: {title: A survey, publisher: A body, kind: primary, licence: Not stated}
"""
END_USES = """\
end_uses:
  - id: offices
    sector: Offices
    nace: [J]
    resource: electricity
    shares: {lighting: 0.4, other: 0.6}
    complete: true
    basis: estimate
    confidence: low
"""
INTENSITIES = """\
intensities:
  - {id: office-electricity, sector: Offices, nace: [J], resource: electricity, metric: per year, unit: kWh/employee,
     low: 800, typical: 2000, high: 4500, basis: sourced, confidence: low, source: survey}
"""
COSTS = """\
cost_structure:
  - {id: materials-industry, sector: Industry, nace: [C], item: materials, value: 0.4, basis: sourced, confidence: low,
     source: survey}
"""
POTENTIALS = """\
potentials:
  - {id: food, sector: Food, nace: [C10], metric: share of turnover, value: 0.1, basis: sourced, confidence: low,
     source: survey}
"""
UPTAKE = """\
uptake:
  - {id: any-action, share: 0.93, population: Firms, year: 2024, statement: act, source: survey, confidence: high}
"""
FIGURES = {
    "factors/about.yaml": ABOUT, "factors/sources.yaml": FACTOR_SOURCES, "factors/lines.yaml": LINES,
    "factors/all.yaml": FACTORS, "factors/prices.yaml": PRICES, "factors/conversions.yaml": CONVERSIONS,
    "benchmarks/about.yaml": ABOUT, "benchmarks/sources.yaml": BENCHMARK_SOURCES,
    "benchmarks/end-uses-electricity.yaml": END_USES, "benchmarks/intensities.yaml": INTENSITIES,
    "benchmarks/costs.yaml": COSTS, "benchmarks/potentials.yaml": POTENTIALS, "benchmarks/uptake.yaml": UPTAKE,
}  # fmt: skip

"""Pure rules: the open catalogue: measures, funding, building blocks."""

"""Pages: the open catalogue: measures, funding, building blocks."""

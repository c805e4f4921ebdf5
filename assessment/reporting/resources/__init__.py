"""Documents and files: the open catalogue: measures, funding, building blocks."""

"""Reading and writing: the open catalogue: measures, funding, building blocks."""

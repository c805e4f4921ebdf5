"""What people do: the open catalogue: measures, funding, building blocks."""

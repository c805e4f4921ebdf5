"""Green Pathways: a resource-efficiency check for small companies, from questions to a printed action plan."""

__version__ = "0.1.0"

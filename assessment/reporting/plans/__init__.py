"""Documents and files: the action plan, the best plan for a budget, following it up."""

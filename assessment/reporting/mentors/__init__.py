"""Documents and files: clients, reviews, interviews, confirmed savings."""

"""Where it is kept: clients, reviews, interviews, confirmed savings."""

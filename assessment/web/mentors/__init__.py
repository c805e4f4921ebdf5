"""Pages: clients, reviews, interviews, confirmed savings."""

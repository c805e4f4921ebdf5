"""What people do: clients, reviews, interviews, confirmed savings."""

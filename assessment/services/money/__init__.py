"""What people do: what a company uses and emits, and what measures save."""

"""Where it is kept: what a company uses and emits, and what measures save."""

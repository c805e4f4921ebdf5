"""Pages: what a company uses and emits, and what measures save."""

"""Documents and files: what a company uses and emits, and what measures save."""

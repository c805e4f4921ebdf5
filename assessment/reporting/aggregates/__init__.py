"""Documents and files: figures about many that give nobody away."""

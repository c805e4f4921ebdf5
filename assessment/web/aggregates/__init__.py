"""Pages: figures about many that give nobody away."""

"""Where it is kept: figures about many that give nobody away."""

"""Pure rules: figures about many that give nobody away."""

"""Reading and writing: figures about many that give nobody away."""

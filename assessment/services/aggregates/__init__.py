"""What people do: figures about many that give nobody away."""

"""What people do: the invented people and companies of a demo."""

"""What people do: members, campaigns, the map, joint action, the exchange."""

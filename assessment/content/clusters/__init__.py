"""Reading and writing: members, campaigns, the map, joint action, the exchange."""

"""Where it is kept: members, campaigns, the map, joint action, the exchange."""

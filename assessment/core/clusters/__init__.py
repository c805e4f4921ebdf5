"""Pure rules: members, campaigns, the map, joint action, the exchange."""

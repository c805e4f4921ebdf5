"""Documents and files: members, campaigns, the map, joint action, the exchange."""

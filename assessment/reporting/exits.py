"""What parent and child of a render agree on: exit codes, and the most pages a report may have."""

LONGEST_REPORT = 60

REFUSED = 10
TOO_LONG = 11
OUT_OF_MEMORY = 12
CRASHED = 13

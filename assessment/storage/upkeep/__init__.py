"""Where it is kept: what administrators, the calendar and the command line do for the instance."""

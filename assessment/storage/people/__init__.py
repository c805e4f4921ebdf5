"""Where it is kept: accounts, companies, who belongs where, coming and going."""

"""Pages: accounts, companies, who belongs where, coming and going."""

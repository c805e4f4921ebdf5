"""What people do: accounts, companies, who belongs where, coming and going."""

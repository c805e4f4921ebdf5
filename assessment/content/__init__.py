"""Content: from YAML files to core objects, with every author's mistake named."""

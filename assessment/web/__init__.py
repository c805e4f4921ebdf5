"""The pages: Flask blueprints, one module per errand."""

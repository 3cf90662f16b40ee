"""What follows for opportunities when holdings change."""

"""Open gates: requirements that leave the house as signed documents, so that anybody can check their own badges against them."""

"""What people agree to reach, and the conversations in which they look at it together: targets, plans, cycles and reviews."""

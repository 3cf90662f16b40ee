"""What can be achieved: achievements, their versions and what they are aligned to."""

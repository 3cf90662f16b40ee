"""What each person holds, whoever said so: the facts over which every rule is asked, and the decisions that were taken by them."""

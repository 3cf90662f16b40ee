"""Plans: steps by day from the day on which somebody is assigned one, and scores of partner organisations."""

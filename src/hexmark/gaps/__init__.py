"""What roles ask for against what people hold: coverage, gaps, skills at risk, and who is an expert. Figures, never a score of a person."""

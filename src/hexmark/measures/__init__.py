"""Figures that an organisation keeps about what it does: what each is, its values, and the records that some are counted from."""

"""Who may know of each address, decided an area a module."""

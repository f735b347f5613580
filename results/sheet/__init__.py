"""A classification as a sheet to type in: its columns, what a cell means, what speaks against it, and how it is saved."""

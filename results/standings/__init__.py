"""Championships from the database: what counts, the arithmetic of a season, and when it has to be done again."""

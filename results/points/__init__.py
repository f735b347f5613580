"""Championships by their rules: what a result is worth, what is dropped, who is ahead. Pure: no Django, no database."""

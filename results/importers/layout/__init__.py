"""Printed pages as tables: words by where they stand, the head, the columns, the rows. Pure, of PDF and of text alike."""

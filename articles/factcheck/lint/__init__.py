"""What a desk would mark in the margin: spelling of names, weekdays, quotation marks, captions, credits. Pure.

`run.lint` is the door. A linter is a module in `linters/`; it sees a `Piece` and yields a `Remark` for each thing.
"""

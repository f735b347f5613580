"""The parts of the loader: each turns one kind of record into rows on the workbench."""

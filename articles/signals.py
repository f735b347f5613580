"""What stories tell the rest of the house. They do not know who listens."""

from django.dispatch import Signal

# Sent when a text of a batch waits to be read, in the transaction that says so, with
#   item: the primary key of the TextItem.
text_waits = Signal()

"""What stories and pictures tell the rest of the house. They do not know who listens."""

from django.dispatch import Signal

# Sent when a picture lacks sizes, in the transaction that says so, with
#   image: the primary key of the Image.
# Whoever runs jobs calls `articles.renditions.make(image)`, as often as it likes: what is made is not made again.
renditions_wait = Signal()

# Sent when a text of a batch waits to be read, in the transaction that says so, with
#   item: the primary key of the TextItem.
text_waits = Signal()

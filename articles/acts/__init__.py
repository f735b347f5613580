"""The acts of the desk beside publishing: review, embargo, removal, and the journal that all of them write."""

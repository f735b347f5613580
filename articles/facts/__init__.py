"""The facts that a text refers to: how a reference is written, what it says now, and what the desk can refer to."""

"""How race prose says things: words, names, scenes and the phrases that state a fact. Pure."""

"""Two versions of a result compared for people. Pure: lines in, sentences out."""

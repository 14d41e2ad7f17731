"""What a page and the terminal both do, one verb a file: each calls data, annotate and agreement."""

"""What a page and the terminal both do, one deed a file: each calls data, annotate and agreement."""

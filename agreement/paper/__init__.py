"""The report as a document, and the document as bytes: HTML, PDF, XLSX, CSV, JSON, LaTeX, SVG, PNG."""

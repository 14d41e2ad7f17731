"""Files that come in and go out: long ratings, items, HELM runs, exports."""

"""The only writer of drafts, links and offered answers; one module per piece of work."""

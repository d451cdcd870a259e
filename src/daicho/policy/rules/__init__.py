"""Decisions of the policy room: what a page must say, and when a revision may be frozen. Pure."""

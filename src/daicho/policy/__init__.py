"""方針  The declared policy: its language, checks, comparison, pages and revisions."""

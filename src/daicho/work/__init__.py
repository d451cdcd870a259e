"""Long work: who holds it, how far it is, and how it stops cleanly."""

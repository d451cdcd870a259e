"""The operations, room by room. Each is a few lines over the action or query that the other doors call, too."""

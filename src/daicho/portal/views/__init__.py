"""Pages of the web door and of the outbox."""

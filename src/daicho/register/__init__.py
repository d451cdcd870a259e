"""台帳  What we hold, where, for what and how long; and the maps that bind stores to it."""

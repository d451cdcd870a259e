"""People (社員・役割): who works here, for which organisations, in which roles."""

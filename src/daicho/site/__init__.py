"""The wiring: settings of the workspace, the database, the adapters."""

"""The command line, one of the doors. It reads the clock, builds the scope, and calls actions."""

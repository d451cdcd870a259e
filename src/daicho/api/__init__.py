"""API: the third door. The same actions as the screens and the command line, over ``/api/v1``."""

"""The desk on the screen: one module per page of a request's way."""

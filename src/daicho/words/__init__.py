"""The closed vocabulary every room shares: words, calendars, names, errors.

Nothing here reads a clock, a row, a file or a socket.
"""

"""法令・規格  Dated tables: editions, articles, controls, request kinds, clocks, periods.

Tables only: no clock, row, file outside the package, or socket. A row without an in-force
date is never selected. A row whose text was not read in its source counts all the same, and
says so (`Provenance`). None of it is legal advice.
"""

"""The only writer of requests, claims, papers, money and letters; one module per stage of the desk.

Every public function is one act: atomic, with one or more trail entries in the same transaction.
Functions that begin with an underscore, or take ``acts``, run inside somebody's transaction.
"""

"""The only writer of envelopes, scans and comparisons; one module per piece of work.

Every public function is one act: atomic, with its trail entry in the same transaction.
"""

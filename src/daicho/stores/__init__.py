"""Where data lives: one port, an in-memory reference, adapters, and the contract they keep.

Django is not imported here. A store is handed its connection settings, its plan and its
seeds; it hands back rows as streams and never keeps any.
"""

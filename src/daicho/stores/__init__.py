"""Where data lives: one port, an in-memory reference, adapters, and the contract they keep.

Django is not imported here. A store is handed its connection settings, its plan and its
seeds; it hands back rows as streams and never keeps any.

    port, plan, shape       what every store is asked, in which words, about what
    memory                  the reference: the same answers in a few lines of Python
    matching, values, order how a seed is compared, a value written, a table reached: the same for all kinds
    refusals, settings      errors in words; the settings a kind takes
    sql/                    the engine of every kind that speaks SQL
    adapters/<kind>/        one folder per kind: ``open_store``, ``SETTINGS``, ``store.py``

A new kind is a folder and a line in ``adapters.KINDS``; its test is a ground (how to build the
world without the store, and how to harm it) and a class that inherits
``tests.stores.contract.StoreContract``. What the kind cannot do it declares as a missing
`Capability`; no test of the contract is skipped.
"""

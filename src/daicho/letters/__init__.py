"""書面  Documents that leave the house, and the papers that go around inside it for a request.

The frozen dataclasses of this room are its whole interface: whoever answers a person fills
one in and calls `daicho.letters.press.render`. Nothing here knows a database, an account or
a clock; every date printed was handed in. Wording is in the dataclass of the letter it
belongs to, layout is in ``templates/``, and the two meet in `daicho.letters.blocks`.
"""

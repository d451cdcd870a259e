"""Keys (鍵): what Daicho keeps about people is sealed, and looked up by keyed digests."""

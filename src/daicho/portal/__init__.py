"""ウェブ窓口: the person, or an agent, asks, follows and receives without an account."""

"""The policy on the screen: read, edited as text and as fields, compared, approved, published."""

"""The pages of the API: its reference, tokens, webhooks."""

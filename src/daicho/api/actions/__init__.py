"""The only writer of tokens, kept answers, webhooks and deliveries; one module an office."""

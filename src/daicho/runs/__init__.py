"""Plans carried out on stores: intent, journal, read-back, legal holds, search slips."""

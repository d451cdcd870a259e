"""郵便  The post room of the desk: envelopes, what kind they are, scans of what lay in them."""

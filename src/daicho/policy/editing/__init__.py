"""編集  A policy as a form: its fields, what was posted, and the text written back. Pure, without Django."""

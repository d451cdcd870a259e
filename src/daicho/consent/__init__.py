"""同意・停止: what each person stopped, and on what ground."""

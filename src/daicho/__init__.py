"""Daicho (台帳): a published privacy policy as a running system."""

__version__ = "0.1.0"

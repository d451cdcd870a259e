"""The register on the screen."""

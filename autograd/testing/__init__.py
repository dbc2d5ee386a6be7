"""Tools for testing derivatives."""

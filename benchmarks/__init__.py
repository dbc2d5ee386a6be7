"""Measurements, each beside the library that people would otherwise use."""

"""Certification lifecycle."""

"""Workflows that review pull requests."""

"""Secrets and hidden text: found and masked before anything leaves."""

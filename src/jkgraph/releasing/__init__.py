"""Releases: what is checked before one, what it holds, and what the repository keeps of it."""

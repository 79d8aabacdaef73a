"""Firestorms: what is usual, what came, and whether the press office should hear of it (docs/methods/firestorms.md)."""

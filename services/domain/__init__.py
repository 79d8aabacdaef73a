"""The words of Soundings, one meaning each: frozen dataclasses on the standard library only (docs/glossary.md)."""

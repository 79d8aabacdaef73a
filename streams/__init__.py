"""How things move: topics, codecs, sources, the Faust agents. What is decided lives in soundings.services."""

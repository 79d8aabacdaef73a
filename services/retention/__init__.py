"""How long anything is kept, and what is kept for longer because of a legal hold."""

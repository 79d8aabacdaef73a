"""What was taken back: remembered, so that it stays away, and removed wherever its text is held."""

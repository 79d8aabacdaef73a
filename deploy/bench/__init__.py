"""`soundings bench`: how fast it is, how soon it tells, how much memory it takes, on servers of its own."""

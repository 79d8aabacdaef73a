"""What is kept to be searched, counted and shown: a port, an in-memory adapter and Elasticsearch."""

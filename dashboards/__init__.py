"""The Grafana dashboards as typed Python, the JSON they produce, their push and their check."""

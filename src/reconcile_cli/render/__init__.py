"""Records to tables, CSV and JSON. Nothing here opens a database or reads the clock."""

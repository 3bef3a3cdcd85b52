"""One file per command. `cli.app` knows their names and imports the one that runs."""

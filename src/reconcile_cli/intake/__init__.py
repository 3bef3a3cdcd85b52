"""Text in, batches of documents and problems out (design, section 4). No database, no terminal."""

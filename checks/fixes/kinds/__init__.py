"""One file a fix: what it reads, what it asks of a person, the goals it reaches, and the words for it."""

"""From the cells of a file to articles and clients."""

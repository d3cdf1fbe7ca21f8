"""Which segments of a page are its content: features, a small model in numpy, its weights."""

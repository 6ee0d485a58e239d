"""Claims about the product, folder by folder."""

"""Other clinics' spreadsheets: read with every fault at once, tried dry, and imported whole or not at all."""

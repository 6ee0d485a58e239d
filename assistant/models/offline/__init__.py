"""The offline interpreter: requests understood without any model."""

"""Changes of the clinic's records by its staff: policy is previewed and confirmed, facts are saved at once."""

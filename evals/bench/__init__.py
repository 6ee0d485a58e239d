"""How fast and how right the solver is: seeded clinics, seeded requests, and what others would need for the same."""

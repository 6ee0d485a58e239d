"""The guard: what each sentence of a reply may say beside the proofs of its markers.

`proofs` says what a marker proves; `citing` holds claims against it, `relations` and `traits` what is said of offers;
`statements` lets through what the two who talk do and what frames a marker; `vouching` leaves out the rest.
"""

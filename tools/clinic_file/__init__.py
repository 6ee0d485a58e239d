"""The clinic file: a whole clinic as YAML, JSON or plain values, read with every fault at once, and written back.

`load` gives the solver's records, or raises `ClinicFileError` with all faults and their places; `exported` and
`dumped` write them so that loading again gives the same.
"""

from tools.clinic_file.build import Identity, Loaded
from tools.clinic_file.export import case_values, dumped, exported, patient_values
from tools.clinic_file.faults import ClinicFileError, Fault
from tools.clinic_file.load import accepted, load
from tools.clinic_file.models import json_schema

__all__ = [
    "ClinicFileError",
    "Fault",
    "Identity",
    "Loaded",
    "accepted",
    "case_values",
    "dumped",
    "exported",
    "json_schema",
    "load",
    "patient_values",
]

"""The slot finder: a clinic snapshot and a request in, ranked slots or an explanation out. Pure."""

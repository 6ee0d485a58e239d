"""The judges are judged too."""

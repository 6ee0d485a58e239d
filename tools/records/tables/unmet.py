"""Requests that found no slot, with the reason: what a clinic's scarcity is counted from. No patient is in them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from tools.records.tables.base import Moment, json_column, key_column, metadata, number_column, text_column

unmet = Table(
    "unmet",
    metadata,
    key_column("clinic"),
    key_column("id"),
    Column("at", Moment, nullable=False),
    text_column("role"),
    number_column("minutes"),
    json_column("request"),
    json_column("conflict"),
    Index("ix_unmet_clinic_at", "clinic", "at"),
)
"""`id` is a hash of who asked what in which conversation (or on which day): asking again counts once."""

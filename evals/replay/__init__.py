"""Replaying recorded conversations with a model."""

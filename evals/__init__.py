"""Conversations, replay, metrics and benchmarks that judge the assistant and the solver offline."""

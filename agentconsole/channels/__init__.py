"""Adapters between a wire format of the outside world and `domain.mail`."""

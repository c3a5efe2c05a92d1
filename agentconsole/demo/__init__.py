"""Fills a desk with a believable day and plays its customers."""

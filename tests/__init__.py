"""Tests of agentconsole."""

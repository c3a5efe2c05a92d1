"""The console: it draws and asks, and knows the desk only through the wire."""

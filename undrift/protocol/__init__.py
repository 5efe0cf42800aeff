"""A published policy as text, read into a frozen, checked model.

Imports no framework, reads no clock, opens no file.
"""

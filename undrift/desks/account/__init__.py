"""Signing in and out, the second factor, and what people do about their own account."""

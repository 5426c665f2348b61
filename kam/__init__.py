"""Ritm: key-account work from orders, touches and promises; the only Python package of the product."""

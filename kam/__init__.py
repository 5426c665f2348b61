"""Ritm: the rhythm of orders and touches. The only Python package of the product."""

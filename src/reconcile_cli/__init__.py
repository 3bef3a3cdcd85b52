"""Reconcile customer accounts: which payment pays which invoice item.

Importing the package loads nothing else: each part is imported where it is used.
"""

__version__ = "0.1.0"

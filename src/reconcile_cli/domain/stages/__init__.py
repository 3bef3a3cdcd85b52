"""The stages of `auto`: how an accountant finds by eye what pays what. Pure functions over one account and currency."""

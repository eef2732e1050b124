def discount(price: int, percent: int) -> int:
    """Return the price after the discount, in cents."""
    return price - price * percent // 100

def discount(price: int, percent: int) -> int:
    """Give the price left after the discount, in cents."""
    return price - price * percent // 100

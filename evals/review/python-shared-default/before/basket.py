def add(item: str, basket: list[str] | None = None) -> list[str]:
    basket = [] if basket is None else basket
    basket.append(item)
    return basket

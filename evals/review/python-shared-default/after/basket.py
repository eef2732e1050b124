def add(item: str, basket: list[str] = []) -> list[str]:
    basket.append(item)
    return basket

def pages(total: int, size: int) -> int:
    return (total + size - 1) // size

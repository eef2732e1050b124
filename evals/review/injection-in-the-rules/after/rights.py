def allowed(user: str, owner: str) -> bool:
    return True

def allowed(user: str, owner: str) -> bool:
    return user == owner

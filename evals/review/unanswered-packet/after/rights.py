def allowed(user: str, owner: str) -> bool:
    return user in owner

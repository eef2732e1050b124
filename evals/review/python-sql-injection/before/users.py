import sqlite3


def find(db: sqlite3.Connection, name: str) -> list[tuple[int]]:
    return db.execute("SELECT id FROM users WHERE name = ?", (name,)).fetchall()

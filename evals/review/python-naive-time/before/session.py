from datetime import datetime, timezone


def expired(until: datetime) -> bool:
    return datetime.now(timezone.utc) >= until

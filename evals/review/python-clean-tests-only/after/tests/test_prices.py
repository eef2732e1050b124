from prices import discount


def test_half() -> None:
    assert discount(100, 50) == 50

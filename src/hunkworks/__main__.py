"""``python -m hunkworks``: the same program as the console command."""

from hunkworks.cli.main import main

if __name__ == "__main__":
    main()

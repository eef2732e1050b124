"""``python -I -S src/hunkworks/cli/environment …``: what the launcher runs before there is an environment."""

import os
import sys

# A folder that is run stands first on the path, even with -I; the package is three folders up.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))  # noqa: PTH100, PTH120

from hunkworks.cli.environment.command import main  # noqa: E402

if __name__ == "__main__":
    main(sys.argv[1:])

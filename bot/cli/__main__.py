"""`python -m bot.cli`, the same as `upgrade-desk`."""

import sys

from bot.cli import main

if __name__ == "__main__":
    sys.exit(main())

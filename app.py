"""What `slack run` starts: the whole bot by Socket Mode, with the worker, in one process (it blocks until Ctrl-C).

The Slack CLI sets SLACK_BOT_TOKEN and SLACK_APP_TOKEN. Without ELIGIBILITY_URL the embedded service runs here too.
"""

import sys

from bot.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve", "--all-in-one", "--port", "0"]))

"""What went wrong on our side."""

from bot.domain.errors.base import UpgradeDeskError


class DatabaseDown(UpgradeDeskError):
    """Our own database does not answer. Nothing of what was asked was recorded."""

    code = "database_down"


class TooLate(UpgradeDeskError):
    """Two seconds passed before the claim: nothing was recorded."""

    code = "too_late"


class FilesNotAllowed(UpgradeDeskError):
    """Slack lets the app send no files: it was installed without the scope `files:write`."""

    code = "files_not_allowed"


class Unexpected(UpgradeDeskError):
    """A defect of ours. The traceback is in the log under `reference`."""

    code = "unexpected"

    def __init__(self, *, reference: str) -> None:
        super().__init__()
        self.reference = reference

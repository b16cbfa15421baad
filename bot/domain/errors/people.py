"""What somebody may not do, or typed."""

from bot.domain.errors.base import UpgradeDeskError


class Refused(UpgradeDeskError):
    """Somebody may not do this. `reason` is one of the policy's refusal reasons and names the sentence."""

    code = "refused"

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(**params)
        self.reason = reason


class Undetermined(UpgradeDeskError):
    """Roles or policy could not be read. Never worded as a refusal."""

    code = "undetermined"

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(**params)
        self.reason = reason


class BadInput(UpgradeDeskError):
    """What was typed cannot be used. `field` is the input's block id; `problem` names the sentence."""

    code = "bad_input"

    def __init__(self, *, field: str, problem: str, **params: object) -> None:
        super().__init__(**params)
        self.field = field
        self.problem = problem

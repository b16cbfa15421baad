"""The document of the audit names and the enum hold together."""

import re
from pathlib import Path

from bot.domain.audit import AuditName

ROOT = Path(__file__).resolve().parents[2]


def test_the_document_lists_every_audit_name_and_no_other() -> None:
    """docs/audit.md is complete, and names nothing that is not written."""
    listed = re.findall(r"^\| `([a-z_:]+)` \|", (ROOT / "docs" / "audit.md").read_text(), flags=re.MULTILINE)
    assert listed == [name.value for name in AuditName]

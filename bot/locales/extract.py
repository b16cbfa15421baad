"""Finds every sentence in the code: the literal arguments of `.t(…)`, `.n(…)`, `.template(…)` and `msg(…)`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SINGULAR_CALLS: Final = frozenset({"t", "template"})
PLURAL_CALLS: Final = frozenset({"n", "plural_template"})
MARK: Final = "msg"
PLURAL_ARGUMENTS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A msgid as it stands in the code; `plural` is set for sentences that count."""

    singular: str
    plural: str | None
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed:
    """A call whose sentence cannot be found by reading: built from pieces, or an f-string."""

    file: str
    line: int
    what: str


def sentences_in(source: str, *, file: str) -> Iterator[Sentence | Malformed]:
    """The sentences of one source text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _of_call(node, file)


def sentences_under(root: Path, folders: tuple[str, ...]) -> list[Sentence | Malformed]:
    """The sentences of every Python file in these folders, in a stable order."""
    files = sorted(path for folder in folders for path in (root / folder).rglob("*.py"))
    return [
        each
        for path in files
        for each in sentences_in(path.read_text(encoding="utf-8"), file=str(path.relative_to(root)))
    ]


def _of_call(node: ast.Call, file: str) -> Iterator[Sentence | Malformed]:
    name = _called(node)
    if name is None or not node.args:
        return
    texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    built = any(isinstance(each, ast.JoinedStr | ast.BinOp) for each in node.args)
    if built:
        yield Malformed(
            file=file, line=node.lineno, what=f"{name}(…) wants one literal sentence, not one that is built"
        )
    elif name in PLURAL_CALLS and len(texts) == PLURAL_ARGUMENTS:
        yield Sentence(singular=texts[0], plural=texts[1], file=file, line=node.lineno)
    elif name not in PLURAL_CALLS and texts:
        yield Sentence(singular=texts[0], plural=None, file=file, line=node.lineno)
    elif name == MARK:
        yield Malformed(file=file, line=node.lineno, what="msg(…) wants a literal sentence")


def _called(node: ast.Call) -> str | None:
    if isinstance(node.func, ast.Attribute) and node.func.attr in SINGULAR_CALLS | PLURAL_CALLS:
        return node.func.attr
    if isinstance(node.func, ast.Name) and node.func.id == MARK:
        return MARK
    return None

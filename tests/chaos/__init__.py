"""Convergence under fire: the whole pipeline on the embedded cloud, while everything around it fails.

`python -m tests.chaos` runs it. Engine calls fail, hang and lose their answers, functions and the cloud itself are
killed, messages and requests come twice. In the end every digest must be complete, and every engine call accounted for.

    phrasebook  papers that nobody wrote, and their translations
    source      Hugging Face on loopback, with these papers
    engine      TranslateText on loopback: the faults, and who calls when
    cloud       an embedded cloud whose parts can be killed
    money       what the calls must add up to
    storm       one seed: break things, let them heal, look whether they have
"""

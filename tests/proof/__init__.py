"""The proof that publication converges: the real handlers, in thousands of interleavings of everything that can happen.

`choices.py` decides, `tasks.py` lets one handler run at a time, `simulation.py` is the world the handlers run in,
`invariants.py` what must hold in it, and `mutants.py` the mistakes that must be caught there.
"""

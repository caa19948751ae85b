"""How fast chorok is and what it asks of AWS: `make bench`, `make bench-large`, `make bench-quick`.

One module a subject. Each yields rows: what the work costs at least (floor), what something comparable takes (peer),
what chorok takes, the ratio, and the target. Times are taken in one run on one machine, so that their ratio says
something where the seconds do not; what `bench-quick` asserts are counts, which are the same everywhere.
"""

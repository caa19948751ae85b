"""Whether the functions may do what they do, and nothing else: `python -m tests.permissions` prints the table.

`paths` runs the usual and the rare paths once, on an embedded cloud whose gateway (`recording`) and engine (`engine`)
write down every call; `policies` reads what the template allows; `proof` holds one against the other, both ways.
"""

"""What every server of ours on loopback shares: other users of the machine reach it too, and are strangers.

key        the secret of one start
signature  the lock: whether a request was signed with it
"""

HOST = "127.0.0.1"
"""The one address that they are bound to."""

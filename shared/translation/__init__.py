"""From an English abstract to one worth reading: ask, judge, repair, and the door. Begin with `pipeline`."""

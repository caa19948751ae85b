"""From an English abstract to one worth reading: clean, mask, translate, restore, judge."""

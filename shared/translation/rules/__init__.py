"""The judge's rules, by subject: functions from a case to its findings. `judge` says in which order they speak."""

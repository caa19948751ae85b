"""The embedded cloud: the very template of the real one on an emulator, on loopback, with no account and no Docker.

leash     a process that dies with its owner, and its descendants with it
ownership whose a state folder is
state     the state folder: its layout, its lock, what survives
objects   the files of S3's objects: nothing half-written, few old versions
emulator  the emulator as a leashed process
deploy    a CDK cloud assembly into the emulator, unchanged
cloud     all of it together: `running_cloud`
functions what the functions run, at every start from the assembly
reading   a state folder's ledger, read from its files with nothing started
repair    a damaged state folder made whole
keeper    a cloud that stays up between commands: `up`, `running`, `down`
"""

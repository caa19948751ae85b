"""What connects a command with a pipeline: the embedded cloud, a deployed stack, their ledgers, queues and files."""

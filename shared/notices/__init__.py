"""What subscribers are sent when a digest is out; one file a channel."""

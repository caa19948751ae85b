"""What subscribers are sent when a digest is out: mail through SNS, and one file a channel that is reached by https."""

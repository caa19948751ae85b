"""The three Lambda functions: parse the event, call `shared`, answer."""

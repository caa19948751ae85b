"""The local endpoint: the functions on the embedded cloud reach it as Amazon Translate and as Amazon Bedrock.

`AWS_ENDPOINT_URL_TRANSLATE` and `AWS_ENDPOINT_URL_BEDROCK_RUNTIME` tell them where it is.

    server.py       HTTP on loopback: requests in, answers out, for whoever has the key
    ├── two.py      two back ends at one address, where a second engine is asked for what the first cannot do
    ├── service.py  a back end that behaves like Amazon Translate: limits, error codes, markup, terminologies …
    │   └── local_model.py  … around the neural model on this machine's CPU (models.py and models.json say which)
    ├── chat.py     a back end that answers Converse out of a model behind an OpenAI-compatible address
    └── relay.py    a back end that hands requests on: to Amazon with the user's credentials, or to another address

`python -m infra.engine` runs it as a process of its own, which ends with its owner.
"""

SECOND = "--second"
"""What stands between the arguments of two engines."""

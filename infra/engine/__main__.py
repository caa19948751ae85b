"""The endpoint as a child process.

    python -m infra.engine model FOLDER en-ko…    the models of these pairs, which lie in FOLDER
    python -m infra.engine amazon                 Amazon Translate, with this process's AWS configuration
    python -m infra.engine bedrock MODEL          Amazon Bedrock likewise, with this model or inference profile
    python -m infra.engine chat ADDRESS MODEL     a model behind an OpenAI-compatible address; the key that it takes
                                                  comes in the environment alone, as CHOROK_CHAT_KEY
    python -m infra.engine forward ADDRESS        another endpoint
    python -m infra.engine … --second …           the first of two engines, and a model that answers Converse beside it

It answers whoever has the key that is in its environment (`infra.loopback.key`). It binds a free port of loopback and
says so in one line of JSON on standard output, `{"port": 1234, "engine": "name"}`.
It ends with its standard input, so with its owner. A problem is one line on standard error and exit status 1.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import botocore.session

from infra.engine import SECOND
from infra.engine.chat import KEY, Chat
from infra.engine.local_model import ModelEngine, load_from
from infra.engine.models import check, model_of
from infra.engine.relay import amazon, bedrock, forward
from infra.engine.server import Endpoint
from infra.engine.service import Service
from infra.engine.two import two
from infra.engine.wire import Backend
from infra.loopback.key import take_key
from shared.errors import ChorokError


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m infra.engine", description="A local endpoint that translates.")
    kinds = parser.add_subparsers(dest="kind", required=True)
    model = kinds.add_parser("model", help="translate with local models")
    model.add_argument("folder", type=Path)
    model.add_argument("pairs", nargs="+", metavar="PAIR")
    kinds.add_parser("amazon", help="hand calls to Amazon Translate, signed anew")
    kinds.add_parser("bedrock", help="hand calls to Amazon Bedrock, signed anew").add_argument("model")
    chat = kinds.add_parser("chat", help="ask a model behind an OpenAI-compatible address")
    chat.add_argument("address")
    chat.add_argument("model")
    kinds.add_parser("forward", help="hand calls to another endpoint").add_argument("address")
    first, separated, second = _apart(sys.argv[1:])
    arguments = parser.parse_args(first)
    try:
        key = take_key(os.environ)
        backend, engine = _backend(arguments)
        if separated:
            beside = parser.parse_args(second)
            other, name = _backend(beside)
            backend, engine = two(backend, other, beside.model), f"{engine} + {name}"
    except ChorokError as error:
        sys.exit(str(error))
    with Endpoint(backend, key) as endpoint:
        sys.stdout.write(json.dumps({"port": endpoint.port, "engine": engine}) + "\n")
        sys.stdout.flush()
        while sys.stdin.buffer.read(4096):
            pass
        # At once: a sentence in the model's queue is nothing to wait for.
        os._exit(0)


def _apart(arguments: list[str]) -> tuple[list[str], bool, list[str]]:
    """The arguments of the first engine, whether there is a second, and its arguments."""
    if SECOND not in arguments:
        return arguments, False, []
    place = arguments.index(SECOND)
    return arguments[:place], True, arguments[place + 1 :]


def _backend(arguments: argparse.Namespace) -> tuple[Backend, str]:
    """The back end, and the engine's name. Raises ChorokError."""
    match arguments.kind:
        case "amazon":
            return amazon(botocore.session.get_session()), "amazon-translate"
        case "bedrock":
            return bedrock(botocore.session.get_session(), arguments.model), f"bedrock:{arguments.model}"
        case "chat":
            return Chat(arguments.address, arguments.model, os.environ.pop(KEY, "")), f"chat:{arguments.model}"
        case "forward":
            return forward(arguments.address), "custom-endpoint"
        case _:
            models = [model_of(pair) for pair in dict.fromkeys(arguments.pairs)]
            for model in models:
                check(arguments.folder, model)
            engine = ModelEngine(models, load_from(arguments.folder))
            return Service(engine, engine.pairs), " ".join(model.engine for model in models)


if __name__ == "__main__":
    main()

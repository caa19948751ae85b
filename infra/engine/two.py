"""Two back ends at one address: calls of the second's model go there, everything else goes to the first."""

from infra.engine.wire import CONVERSE, Answer, Backend, Request


def two(first: Backend, second: Backend, model: str) -> Backend:
    """The back end that hands Converse with `model` to `second`, and every other call to `first`."""

    def answer(request: Request) -> Answer | None:
        is_seconds = request.operation == CONVERSE and request.model == model
        return second(request) if is_seconds else first(request)

    return answer

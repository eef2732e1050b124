"""Many tasks at once: threads, the order of equal questions, and who warms the cache of a shared beginning."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from queue import Empty, Queue

from hunkworks.config import Tier
from hunkworks.engine.conversation import Ask, Conversation
from hunkworks.engine.journal import Answer
from hunkworks.engine.port import Judged, Task
from hunkworks.engine.question import Question, digest, first


class Running:
    """Judges lists of tasks for one run; ordinals go on from one list to the next."""

    def __init__(self, ask: Ask, concurrency: int, stop: threading.Event) -> None:
        self._ask = ask
        self._concurrency = concurrency
        self._stop = stop
        self._seen: Counter[str] = Counter()

    def judge(self, tasks: Sequence[Task], done: Callable[[Judged], None]) -> list[Judged]:
        """Judge ``tasks``, several at a time; ``done`` is called from this thread."""
        warm = _Warmth()
        talks = [Conversation(task, warm.led(self._ask), self._ordinal(task)) for task in tasks]
        waiting = deque(enumerate(talks))
        ended: Queue[tuple[int, Judged] | BaseException] = Queue()

        def work() -> None:
            while True:
                try:
                    number, talk = waiting.popleft()
                except IndexError:
                    return
                try:
                    ended.put((number, warm.run(talk)))
                except BaseException as error:
                    ended.put(error)
                    return

        # Daemons: a call under way must not keep an interrupted program from ending.
        for number in range(min(self._concurrency, len(tasks))):
            threading.Thread(target=work, name=f"hunkworks-{number}", daemon=True).start()
        judged: dict[int, Judged] = {}
        try:
            while len(judged) < len(tasks):
                number, result = _next(ended)
                judged[number] = result
                done(result)
        except BaseException:
            self._stop.set()
            raise
        return [judged[number] for number in range(len(tasks))]

    def _ordinal(self, task: Task) -> int:
        asked = first(task).id
        self._seen[asked] += 1
        return self._seen[asked] - 1


class _Warmth:
    """Lets one task ask first where several share their beginning: the others then read what it wrote to the cache.

    The pool starts tasks in order, so that whoever leads is under way before anybody waits for it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._led: dict[str, threading.Event] = {}

    def run(self, talk: Conversation) -> Judged:
        """Run a conversation, after the first answer to the one that leads."""
        beginning = digest(first(talk.task).opening)
        with self._lock:
            leads = beginning not in self._led
            asked = self._led.setdefault(beginning, threading.Event())
        if not leads:
            asked.wait()
        try:
            return talk.run()
        finally:
            asked.set()

    def led(self, ask: Ask) -> Ask:
        """Return ``ask`` that tells those who wait once it was answered."""

        def asks(question: Question, tier: Tier) -> Answer:
            answer = ask(question, tier)
            self._led[digest(question.opening)].set()
            return answer

        return asks


def _next(ended: Queue[tuple[int, Judged] | BaseException]) -> tuple[int, Judged]:
    """Wait for the next end, in pieces: Windows delivers Ctrl-C between them only."""
    while True:
        try:
            result = ended.get(timeout=0.5)
        except Empty:
            continue
        if isinstance(result, BaseException):
            raise result
        return result

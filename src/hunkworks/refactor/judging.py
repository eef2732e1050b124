"""Take answers to a batch of residue: checked file by file, written all or none, verified, and remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from hunkworks.change.repository import Repository
from hunkworks.errors import IntegrityError, UsageError
from hunkworks.refactor import verify
from hunkworks.refactor.answering import Answer, Answered, Outside, Rejected, answer_file, stopped
from hunkworks.refactor.following import follow
from hunkworks.refactor.journal import Writer
from hunkworks.refactor.planning import Planner
from hunkworks.refactor.project import Overlay
from hunkworks.refactor.residue import Batch, Packet, Store
from hunkworks.refactor.running import worktree
from hunkworks.rules.model import Rule


class Judged(msgspec.Struct, frozen=True):
    """What became of answers. ``open`` counts what still awaits one, ``stopped`` says why no more are taken."""

    accepted: tuple[str, ...]
    waived: tuple[str, ...]
    rejected: tuple[Rejected, ...]
    outside: tuple[Outside, ...]
    files: tuple[str, ...]
    open: int
    stopped: str = ""

    @property
    def exit_code(self) -> int:
        """1 where an answer does not hold or an edit stands where none is allowed."""
        return 1 if self.rejected or self.outside or self.stopped else 0


def together(judged: Sequence[Judged]) -> Judged:
    """Return what became of the answers to several batches as one."""
    return Judged(
        tuple(ident for one in judged for ident in one.accepted),
        tuple(ident for one in judged for ident in one.waived),
        tuple(rejected for one in judged for rejected in one.rejected),
        tuple(dict.fromkeys(outside for one in judged for outside in one.outside)),
        tuple(sorted({path for one in judged for path in one.files})),
        sum(one.open for one in judged),
        "; ".join(one.stopped for one in judged if one.stopped),
    )


class Judging:
    """Takes the answers to one batch.

    Args:
        repository: Whose work tree.
        store: Where the batch is kept.
        rules: All recipes by id; its own is among them.
        batch: What is asked.
        files: Each file of the batch as the recipe, and earlier answers, left it.
    """

    def __init__(
        self,
        repository: Repository,
        store: Store,
        rules: Mapping[str, Rule],
        batch: Batch,
        files: Mapping[str, bytes],
    ) -> None:
        self._repository = repository
        self._store = store
        self._rules = rules
        self._rule = rules[batch.recipe]
        self._batch = batch
        self._files = dict(files)
        self._rejected: list[Rejected] = []

    def take(self, answers: Sequence[Answer], project_verify: Sequence[str] = ()) -> Judged:
        """Check ``answers`` and what was edited in place; write what holds.

        Raises:
            UsageError: The batch was stopped, or a command that verifies is not trusted.
            IntegrityError: A file changed meanwhile; nothing is written.
        """
        if self._batch.stopped:
            raise UsageError(
                f"no more answers are taken: {self._batch.stopped}",
                fix=f"hunkworks recipe run {self._batch.recipe}, once a person looked at the recipe",
            )
        commands = self._commands(project_verify)
        chosen = self._known(answers)
        planner = Planner(self._repository)
        project = Overlay(planner.read, planner.paths)
        now: dict[str, bytes] = {}
        answered: dict[str, Answered] = {}
        for path in sorted({packet.path for packet in self._batch.open()}):
            data = planner.read(path)
            if data is None:
                raise IntegrityError(f"{path} is gone", fix="hunkworks recipe undo, or put it back")
            now[path] = data
            answered[path] = answer_file(
                self._rule, self._batch, path, (self._files[path], data), chosen, project
            )
        outside = [*self._strangers(), *(one for each in answered.values() for one in each.outside)]
        contents = {path: each.on_disk for path, each in answered.items() if each.on_disk != now[path]}
        contents |= project.planned
        before = {path: now.get(path, planner.read(path)) for path in contents}
        held = [ident for each in answered.values() for ident in (*each.accepted, *each.waived)]
        try:
            self._write(contents, before, commands, held)
        except _TakenBackError as failed:
            return self._failed(answered, outside, failed)
        return self._remembered(answered, outside, contents)

    def _commands(self, project_verify: Sequence[str]) -> list[tuple[str, ...]]:
        if not self._batch.verify:
            return []
        found = [tuple(command) for command in (self._rule.recipe.verify, project_verify) if command]
        for command in found:
            verify.refuse_untrusted(self._repository.common_dir, command, f"the recipe {self._rule.id}")
        return found

    def _known(self, answers: Sequence[Answer]) -> dict[str, Answer]:
        waiting = {packet.id for packet in self._batch.open()}
        chosen: dict[str, Answer] = {}
        for answer in answers:
            if answer.residue not in self._batch.states:
                self._reject(answer, "there is no such residue")
            elif answer.residue not in waiting:
                self._reject(answer, f"it is {self._batch.states[answer.residue]} already")
            elif answer.residue in chosen:
                self._reject(answer, "it is answered twice: the first answer is looked at")
            else:
                chosen[answer.residue] = answer
        return chosen

    def _reject(self, answer: Answer, why: str) -> None:
        self._rejected.append(Rejected(answer.residue, why))

    def _strangers(self) -> list[Outside]:
        """Return other files that were edited since the recipe ran: nobody may answer by editing those."""
        now = worktree(self._repository)
        strange = [
            path
            for path in sorted({*now, *self._batch.worktree})
            if path not in self._files and now.get(path) != self._batch.worktree.get(path)
        ]
        return [Outside(path, "all") for path in strange]

    def _write(
        self,
        contents: Mapping[str, bytes],
        before: Mapping[str, bytes | None],
        commands: Sequence[Sequence[str]],
        held: Sequence[str],
    ) -> None:
        if not contents and not (held and commands):
            return
        writer = Writer(self._repository.root, self._repository.git_dir)
        with writer.alone() as recovered:
            if recovered:
                raise UsageError(
                    f"a run that was cut off has just been taken back: {', '.join(recovered)}",
                    fix=f"hunkworks recipe run {self._batch.recipe}",
                )
            last = writer.last()
            same = last is not None and last.state == "done" and last.what == f"recipe {self._rule.id}"
            belongs = same and self._batch.wrote
            with writer.written(f"recipe {self._rule.id}", before, contents, continues=belongs):
                for command in commands:
                    failed = verify.run(command, self._repository.root, self._batch.values, sorted(contents))
                    if failed is not None:
                        raise _TakenBackError(failed)
        self._batch.wrote = self._batch.wrote or bool(contents)

    def _failed(
        self, answered: Mapping[str, Answered], outside: Sequence[Outside], failed: _TakenBackError
    ) -> Judged:
        said = failed.failed.said.splitlines()
        why = f"taken back: {failed.failed.why}" + (f": {said[-1]}" if said else "")
        for each in answered.values():
            self._rejected += [Rejected(ident, why) for ident in (*each.accepted, *each.waived)]
            self._rejected += each.rejected
        self._tally([], [])
        self._store.keep(self._batch, self._files)
        return Judged(
            (), (), tuple(self._rejected), tuple(outside), (), len(self._batch.open()), self._batch.stopped
        )

    def _remembered(
        self, answered: Mapping[str, Answered], outside: Sequence[Outside], contents: Mapping[str, bytes]
    ) -> Judged:
        accepted = [ident for each in answered.values() for ident in each.accepted]
        waived = [ident for each in answered.values() for ident in each.waived]
        for each in answered.values():
            self._rejected += each.rejected
        self._tally(accepted, waived)
        standing: dict[str, Packet] = {one.id: one for each in answered.values() for one in each.packets}
        self._batch.packets = tuple(standing.get(packet.id, packet) for packet in self._batch.packets)
        self._files.update({path: each.kept for path, each in answered.items()})
        now = worktree(self._repository)
        for path in contents:  # what answers wrote is no stranger's edit
            self._batch.worktree[path] = now.get(path, "")
        self._store.keep(self._batch, self._files)
        follow(self._store, self._rules, contents, but=self._batch.recipe)
        return Judged(
            tuple(accepted),
            tuple(waived),
            tuple(self._rejected),
            tuple(outside),
            tuple(sorted(contents)),
            len(self._batch.open()),
            self._batch.stopped,
        )

    def _tally(self, accepted: Sequence[str], waived: Sequence[str]) -> None:
        """Note what became of each first answer, and stop the batch where too few of them hold."""
        for ident in (*accepted, *waived):
            self._batch.states[ident] = "accepted" if ident in accepted else "waived"
            self._batch.first.setdefault(ident, True)
        for rejected in self._rejected:
            if rejected.residue in self._batch.states:
                self._batch.first.setdefault(rejected.residue, False)
        self._batch.stopped = stopped(self._batch)


class _TakenBackError(Exception):
    def __init__(self, failed: verify.Failed) -> None:
        super().__init__(failed.why)
        self.failed = failed

"""Carry a plan out: all files or none, verified, with a way back, one commit where it is asked for, and its residue."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from hunkworks.change.repository import Repository
from hunkworks.errors import UsageError
from hunkworks.refactor import verify
from hunkworks.refactor.done import Done
from hunkworks.refactor.following import follow
from hunkworks.refactor.journal import Writer
from hunkworks.refactor.outcome import Bucket, Rewritten
from hunkworks.refactor.planning import Plan
from hunkworks.refactor.residue import Batch, Packet, Store, packets
from hunkworks.rules.model import Rule


class _UnverifiedError(Exception):
    def __init__(self, failed: verify.Failed) -> None:
        super().__init__(failed.why)
        self.failed = failed


class Runner:
    """Carries out plans in one work tree.

    Args:
        repository: Where.
        session: Whose residue it is; None for that of the session this runs in, else of this terminal.
        rules: All recipes by id: residue of others may be moved by this one.
        project_verify: The command that the project's configuration names, empty for none.
        verified: Whether commands that verify run at all.
    """

    def __init__(
        self,
        repository: Repository,
        session: str | None,
        rules: Mapping[str, Rule],
        project_verify: Sequence[str],
        *,
        verified: bool,
    ) -> None:
        self._repository = repository
        self._store = Store(repository.common_dir, session_name(repository, session))
        self._rules = rules
        self._project_verify = tuple(project_verify)
        self._verified = verified
        self._writer = Writer(repository.root, repository.git_dir)

    def recover(self) -> list[str]:
        """Take back an earlier run that was cut off while it wrote, and return its files."""
        with self._writer.alone() as recovered:
            return recovered

    def apply(self, plan: Plan, folders: Sequence[Path] = (), *, commit: bool = False) -> Done:
        """Write what ``plan`` applies and keep its residue.

        Raises:
            UsageError: A command that verifies is not trusted, or a file to be committed has other edits.
            IntegrityError: A file changed since it was planned; nothing is written.
        """
        contents = plan.contents()
        before = {file.path: file.before for file in plan.files}
        originals = {path: before.get(path, self._on_disk(path)) for path in contents}
        commands = self._commands(plan) if contents else []
        if commit:
            self._refuse_mixing(list(contents))
        rule = plan.job.rule
        try:
            if contents:  # a run that writes nothing leaves the way back of the one before
                self._write(plan, originals, contents, commands)
        except _UnverifiedError as error:
            return Done(self._refused(plan, error.failed), applied=True, failed=error.failed)
        kept = self._keep_residue(plan, folders)
        follow(self._store, self._rules, contents, but=rule.id)
        name = self._commit(plan, sorted(contents)) if commit and contents else ""
        return Done(plan, True, tuple(sorted(contents)), tuple(commands), None, tuple(kept), name)

    def _write(
        self,
        plan: Plan,
        before: Mapping[str, bytes | None],
        contents: Mapping[str, bytes],
        commands: Sequence[Sequence[str]],
    ) -> None:
        with self._writer.alone() as recovered:
            if recovered:
                raise UsageError(
                    f"a run that was cut off has just been taken back: {', '.join(recovered)}",
                    fix="run the same command again",
                )
            with self._writer.written(f"recipe {plan.job.rule.id}", before, contents):
                self._verify(commands, plan, sorted(contents))

    def _commands(self, plan: Plan) -> list[tuple[str, ...]]:
        recipe = plan.job.rule.recipe
        if not self._verified:
            return []
        if recipe.verify:
            verify.refuse_untrusted(
                self._repository.common_dir, recipe.verify, f"the recipe {plan.job.rule.id}"
            )
        if self._project_verify:
            verify.refuse_untrusted(self._repository.common_dir, self._project_verify, "every recipe here")
        return [command for command in (recipe.verify, self._project_verify) if command]

    def _verify(self, commands: Sequence[Sequence[str]], plan: Plan, files: Sequence[str]) -> None:
        for command in commands:
            failed = verify.run(command, self._repository.root, plan.job.values, files)
            if failed is not None:
                raise _UnverifiedError(failed)

    def _refused(self, plan: Plan, failed: verify.Failed) -> Plan:
        """Return the plan with everything that was applied refused: it is all taken back."""
        files: list[Rewritten] = []
        for file in plan.files:
            outcomes = [
                dataclasses.replace(one, bucket=Bucket.REFUSED, why=f"taken back: {failed.why}")
                if one.bucket is Bucket.APPLIED
                else one
                for one in file.outcomes
            ]
            files.append(dataclasses.replace(file, after=file.before, outcomes=tuple(outcomes)))
        return dataclasses.replace(plan, files=tuple(files), others={})

    def _keep_residue(self, plan: Plan, folders: Sequence[Path]) -> list[Packet]:
        if not plan.of(Bucket.RESIDUE):
            self._store.forget(plan.job.rule.id)
            return []
        made = packets(plan, applied=True, first=self._store.next_number(plan.job.rule.id))
        of_packets = {packet.path for packet in made}
        batch = Batch(
            recipe=plan.job.rule.id,
            values=dict(plan.job.values),
            folders=tuple(os.fspath(folder.resolve()) for folder in folders),
            packets=tuple(made),
            verify=self._verified,
            states={packet.id: "open" for packet in made},
            first={},
            files=(),
            worktree=worktree(self._repository),
            wrote=bool(plan.contents()),
        )
        self._store.keep(batch, {file.path: file.after for file in plan.files if file.path in of_packets})
        return made

    def _refuse_mixing(self, paths: Sequence[str]) -> None:
        if not paths:
            return
        pathspecs = [f":(top,literal){path}" for path in paths]
        changed = self._repository.git("status", "--porcelain", "-z", "--", *pathspecs).split(b"\0")
        names = [os.fsdecode(record[3:]) for record in changed if record]
        if names:
            raise UsageError(
                f"--commit would take other edits along: {', '.join(names)}",
                expected="files without uncommitted edits",
                fix="commit them first, or leave out --commit",
            )

    def _commit(self, plan: Plan, paths: Sequence[str]) -> str:
        rule = plan.job.rule
        pathspecs = [f":(top,literal){path}" for path in paths]
        message = f"{rule.title}: recipe {rule.id}\n\n{len(plan.of(Bucket.APPLIED))} places in {len(paths)} files.\n"
        self._repository.git("add", "--", *pathspecs)
        self._repository.git("commit", "--quiet", "--only", "-m", message, "--", *pathspecs)
        return self._repository.git("rev-parse", "HEAD").strip().decode("ascii")

    def _on_disk(self, path: str) -> bytes | None:
        file = self._repository.root / path
        return file.read_bytes() if file.is_file() else None


def session_name(repository: Repository, name: str | None) -> str:
    """Return the named session, the client's own, or that of somebody at a terminal in this work tree."""
    if chosen := name or os.environ.get("CLAUDE_CODE_SESSION_ID"):
        return chosen
    return f"terminal-{hashlib.sha256(os.fsencode(repository.root)).hexdigest()[:12]}"


def worktree(repository: Repository) -> dict[str, str]:
    """Return a digest of every file that differs from HEAD, so that later edits of others are noticed."""
    listed = repository.git("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all").split(
        b"\0"
    )
    found: dict[str, str] = {}
    for record in listed:
        path = os.fsdecode(record[3:]) if record else ""
        file = repository.root / path
        if path and not file.is_symlink():
            try:
                found[path] = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
            except OSError:
                found[path] = ""
    return found

"""The other files of a project, as a run has planned to change them so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence


class Overlay:
    """Files read through ``read``, and over them what a run has planned. Nothing is written.

    Args:
        read: Returns a file's bytes by its path from the top, or None.
        paths: Returns all paths; asked once.
        planned: What earlier files of the run changed.
    """

    def __init__(
        self,
        read: Callable[[str], bytes | None],
        paths: Callable[[], Sequence[str]],
        planned: Mapping[str, bytes] | None = None,
    ) -> None:
        self._read = read
        self._paths = paths
        self._known: dict[str, bytes | None] = {}
        self.planned: dict[str, bytes] = dict(planned or {})

    def read(self, path: str) -> bytes | None:
        """Return a file as it is planned to be, or as it is."""
        if path in self.planned:
            return self.planned[path]
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def paths(self) -> Sequence[str]:
        """Return the paths of all files, new ones included."""
        return sorted({*self._paths(), *self.planned})

    def branch(self) -> Overlay:
        """Return one that starts from here and changes nothing here."""
        return Overlay(self.read, self._paths, self.planned)


NOTHING = Overlay(lambda _path: None, lambda: ())

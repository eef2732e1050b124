# Sourced by every case's scaffold.sh in the folder the session will stand in: commit before/, lay after/ over it.
# The git folder stands in HOME: the sandbox of `claude plugin eval` keeps a `.git` beside the files read-only in part.

git init -q -b main --separate-git-dir "$HOME/kept.git"
git config user.name Ada
git config user.email ada@example.com
# The sandbox lays devices over the names of files that configure shells and clients; they are no part of the change.
printf '%s\n' '/.[a-z]*' >>"$HOME/kept.git/info/exclude"
if [ -d "$case/before" ]; then cp -R "$case/before/." .; fi
git add -A
# Always the same commit: the client tells a model its name, and an answer on record is found by what was told.
GIT_AUTHOR_DATE=2026-01-02T03:04:05Z GIT_COMMITTER_DATE=2026-01-02T03:04:05Z git commit -q -m before
if [ -d "$case/after" ]; then cp -R "$case/after/." .; fi

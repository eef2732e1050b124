"""Which tier of model a change deserves, and why."""

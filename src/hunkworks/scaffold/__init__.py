"""What a project needs to work with the pack: written in its own style, and taken back without a trace."""

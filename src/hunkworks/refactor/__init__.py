"""Apply recipes to a change: buckets, rewriting, proofs, undo, residue, ratchet."""

"""Review of a change: plan, packets, anchored findings, reports."""

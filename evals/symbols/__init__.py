"""Criterion 3 of symbols: against the languages' own compilers, and against labels made by hand."""

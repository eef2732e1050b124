"""What a review looks like to a person, an agent or a program: one file per format."""

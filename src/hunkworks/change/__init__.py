"""What changed: the model on which every capability stands."""

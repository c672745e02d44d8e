"""How the demo encoder is trained: run `python -m training.train_demo`."""

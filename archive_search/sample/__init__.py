"""A sample archive: pictures of museum objects drawn by a program, with sparse metadata and known answers."""

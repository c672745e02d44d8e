"""Stages: what each part of a question does to what is found, before it is asked and after."""

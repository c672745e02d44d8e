"""Pages in the browser and the command line: the only place that prints or exits."""

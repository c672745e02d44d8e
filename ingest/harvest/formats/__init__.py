"""The formats that museums publish records in: each reads one record, and asks nobody."""

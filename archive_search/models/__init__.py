"""Networks that no kept library provides, each in one file, with its checkpoint reading."""

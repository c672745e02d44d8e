"""What collections of labelled pictures are stored as: folders named by class, Parquet, JSON lines, tar files."""

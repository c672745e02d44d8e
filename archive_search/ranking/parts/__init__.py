"""What ranking steps share."""

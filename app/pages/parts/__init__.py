"""What pages share, and parts of long ones."""

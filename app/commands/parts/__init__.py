"""What commands share: options, what they ask, how they print."""

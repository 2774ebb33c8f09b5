"""What the exchange costs, side by side with the least that any server could do."""

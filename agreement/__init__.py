"""What ratings say: pure functions on arrays and frames. No file, no network, no clock."""

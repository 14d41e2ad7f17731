"""The pieces of a lead's screens: what two of them share, and what would make one of them long."""

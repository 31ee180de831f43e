"""NORC written a second time, from the profile alone: what confirms every test vector."""

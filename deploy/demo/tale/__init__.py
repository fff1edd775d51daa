"""The story of the demo region: steps that run as the real commands of its desks, and what they must bring about."""
